"""Computes what Tests/Scripts/losses.lbk and methods.lbk expect, by the authors' formulas in PyTorch, in float64.

    python Tests/LibraryTests/Reference/losses.py

prints the lines that are computed here, and fails if one is not among the script's `# expect:` lines, in the same
order (made with torch 2.13.0+cpu). The values were compared with torchdistill 1.1.5 and with the repository
megvii-research/mdistiller, the code of the authors of DKD, which has that of RKD, AT, SP and CRD too.
"""

import contextlib
import io
import os
import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)


def numbers(factor, offset, k, shape):
    return (((factor * torch.arange(torch.Size(shape).numel()) + offset) % 101) / k).reshape(shape)


def p(k, *shape):
    return numbers(37, 0, k, shape)


def q(k, *shape):
    return numbers(53, 7, k, shape)


def kl(student, teacher, T=1):
    return F.kl_div(F.log_softmax(student / T, 1), F.softmax(teacher / T, 1), reduction="batchmean")


def dkd(student, teacher, labels, alpha=1, beta=8, T=4):
    """Zhao et al., 2022, with the target's logit lowered by 1000 as in their code."""
    own = F.one_hot(labels, student.shape[1]).bool()

    def both(logits):
        probabilities = F.softmax(logits / T, 1)
        return torch.stack([(probabilities * own).sum(1), (probabilities * ~own).sum(1)], 1)

    target = F.kl_div(both(student).log(), both(teacher), reduction="batchmean")
    others = F.kl_div(F.log_softmax(student / T - 1000 * own, 1), F.softmax(teacher / T - 1000 * own, 1),
                      reduction="batchmean")
    return T**2 * (alpha * target + beta * others)


def dist(student, teacher, beta=1, gamma=1, T=1, guard=0):
    """Huang et al., 2022; their guard is 1e-8."""
    a, b = F.softmax(student / T, 1), F.softmax(teacher / T, 1)

    def apart(a, b):
        a, b = a - a.mean(1, keepdim=True), b - b.mean(1, keepdim=True)
        return 1 - ((a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1) + guard)).mean()

    return T**2 * (beta * apart(a, b) + gamma * apart(a.T, b.T))


def differences(x):
    return x[None] - x[:, None]


def rkd_distance(fs, ft):
    def distances(x):
        squares = (differences(x) ** 2).sum(2)
        d = torch.where(squares > 0, torch.where(squares > 0, squares, 1).sqrt(), 0)
        return d / d[d > 0].mean()

    return 25 * F.smooth_l1_loss(distances(fs), distances(ft))


def rkd_angle(fs, ft):
    def angles(x):
        e = F.normalize(differences(x), p=2, dim=2)
        return torch.bmm(e, e.transpose(1, 2))

    return 50 * F.smooth_l1_loss(angles(fs), angles(ft))


def attention(fs, ft):
    size = min(fs.shape[2], ft.shape[2])
    a, b = (F.normalize(F.adaptive_avg_pool2d(x, size).pow(2).mean(1).flatten(1)) for x in (fs, ft))
    return (a - b).pow(2).mean()


def similarity(fs, ft):
    a, b = (F.normalize(x.flatten(1) @ x.flatten(1).T) for x in (fs, ft))
    return ((a - b) ** 2).sum() / len(fs) ** 2


def mmd(a, b, sigmas=(1,)):
    def kernel(x, y):
        d = torch.stack([((row - y) ** 2).sum(1) for row in x])
        return torch.stack([torch.exp(-d / (2 * sigma**2)) for sigma in sigmas]).mean()

    return kernel(a, a) + kernel(b, b) - 2 * kernel(a, b)


def coral(a, b):
    return ((torch.cov(a.T) - torch.cov(b.T)) ** 2).sum() / (4 * a.shape[1] ** 2)


def crd(v, memory, own, negatives, scale=None, T=0.07):
    """Tian et al., 2020: ContrastMemory and ContrastLoss for one of the two embeddings. Returns the loss and Z."""
    rows = memory[torch.cat([own[:, None], negatives], 1)]
    scores = torch.exp(torch.bmm(rows, v[:, :, None]).squeeze(2) / T)
    scale = scores.mean().item() * len(memory) if scale is None else scale
    scores = scores / scale
    m, noise = negatives.shape[1], 1 / len(memory)
    positive = torch.log(scores[:, 0] / (scores[:, 0] + m * noise + 1e-7))
    negative = torch.log(m * noise / (scores[:, 1:] + m * noise + 1e-7))
    return -(positive.sum() + negative.sum()) / len(v), scale


def text(values):
    return " ".join(f"{v if abs(v) > 5e-9 else 0:.8f}" for v in values)


def show(name, loss, x):
    x = x.clone().requires_grad_()
    value = loss(x)
    gradient, = torch.autograd.grad(value, x)
    print(name, text([value.item(), *gradient.flatten()[:3].tolist(), gradient.norm().item()]))


def losses():
    s, t, y = p(25, 6, 5), q(16, 6, 5), torch.tensor([0, 1, 2, 3, 4, 0])
    fs, ft = p(100, 5, 4), q(100, 5, 6)
    ms, mt, large = p(100, 3, 3, 4, 4), q(100, 3, 5, 4, 4), q(100, 3, 5, 8, 8)
    a, b, b2 = p(100, 6, 4), q(100, 6, 4) + 0.3, q(100, 7, 4) + 0.3
    show("kl", lambda s: 16 * kl(s, t, 4), s)
    show("dkd", lambda s: dkd(s, t, y), s)
    show("dkd 2", lambda s: dkd(s, t, y, 2, 0.5, 1), s)
    show("dist", lambda s: dist(s, t), s)
    show("dist 2", lambda s: dist(s, t, 1, 2, 4), s)
    show("rkd distance", lambda fs: rkd_distance(fs, ft), fs)
    show("rkd angle", lambda fs: rkd_angle(fs, ft), fs)
    show("attention", lambda ms: attention(ms, mt), ms)
    show("attention 2", lambda ms: attention(ms, large), ms)
    show("similarity", lambda ms: similarity(ms, mt), ms)
    w, bias = (numbers(29, 3, 100, shape) - 0.5 for shape in ((5, 3, 1, 1), (5,)))
    show("hint", lambda ms: F.mse_loss(F.conv2d(ms, w, bias), mt), ms)
    show("mmd", lambda a: mmd(a, b), a)
    show("mmd 2", lambda a: mmd(a, b, (0.5, 1, 2)), a)
    print(f"{mmd(a, b2).item():.8f}")
    show("coral", lambda a: coral(a, b), a)
    print(f"{coral(a, b2).item():.8f}")
    v, memory = F.normalize(p(100, 3, 4) - 0.5), F.normalize(q(100, 7, 4) - 0.4)
    own, negatives = torch.tensor([2, 0, 5]), torch.tensor([[1, 3, 3, 4, 6], [1, 2, 3, 4, 5], [0, 0, 0, 6, 1]])
    scale = crd(v, memory, own, negatives)[1]
    show("crd", lambda v: crd(v, memory, own, negatives, scale)[0], v)
    show("crd memory", lambda memory: crd(v, memory, own, negatives, 2 * scale)[0], memory)


# A training with a method


def wave(count, step):
    return torch.sin(torch.arange(count) * step)


def network(step, width=5):
    g = nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 3))
    with torch.no_grad():
        g[0].weight[:] = wave(4 * width, step).reshape(width, 4)
        g[0].bias[:] = wave(width, 0.4)
        g[2].weight[:] = wave(3 * width, step + 0.2).reshape(3, width)
        g[2].bias[:] = 0
    return g


def methods():
    labels = torch.tensor([0, 1, 2, 1, 0, 2, 2, 1])
    A, B = wave(32, 0.8).reshape(8, 4), wave(32, 1.9).reshape(8, 4)
    f, g, regressor = network(0.6), network(1.3, 4), nn.Linear(4, 5)
    with torch.no_grad():
        regressor.weight[:] = wave(20, 0.9).reshape(5, 4)
        regressor.bias[:] = 0
    optimizer = torch.optim.SGD([*g.parameters(), *regressor.parameters()], lr=0.05, momentum=0.9, weight_decay=5e-4)
    for _ in range(3):
        own = F.cross_entropy(g(B), labels)
        apart = F.mse_loss(regressor(g[:2](B)), f[:2](A).detach())
        loss = own + 2 * apart
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(f"hint {loss.item():.5g} {own.item():.5g} {apart.item():.5g}")
    print(f'["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"] {regressor.weight[0, 0].item():.5g}')


def missing(lines, expected):
    """The first line that is not found in order among the expected ones; None if all are."""
    rest = iter(expected)
    return next((line for line in lines if line not in rest), None)


s, t = p(25, 6, 5), q(16, 6, 5)
print("# dist with the guard of its authors:", dist(s, t, guard=1e-8).item(), dist(s, t, 1, 2, 4, 1e-8).item())
scripts = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts")
for part in (losses, methods):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        part()
    print(f"# {part.__name__}.lbk\n{output.getvalue()}")
    with open(os.path.join(scripts, f"{part.__name__}.lbk"), encoding="utf-8") as file:
        expected = [line.split("# expect: ")[1].rstrip("\n") for line in file if "# expect: " in line]
    line = missing(output.getvalue().splitlines(), expected)
    if line is not None:
        sys.exit(f"error: {part.__name__}.lbk does not expect: {line}")
