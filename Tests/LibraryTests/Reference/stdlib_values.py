"""Computes what the scripts Tests/Scripts/stdlib_*.lbk expect, with PyTorch and NumPy in float64.

    python Tests/LibraryTests/Reference/stdlib_values.py

prints the lines that are computed here, and fails if one is not among the script's `# expect:` lines, in the
same order (made with torch 2.13.0+cpu and numpy 2.4).
"""

import contextlib
import copy
import io
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, MultiStepLR

torch.set_default_dtype(torch.float64)


def wave(count, step):
    return torch.sin(torch.arange(count) * step)


def shown(values, digits=4):
    return " ".join(f"{float(v):.{digits}g}" for v in torch.as_tensor(values).reshape(-1))


# Schedules


def rates(first, make, epochs):
    """A PyTorch scheduler's learning rates."""
    optimizer = SGD([nn.Parameter(torch.zeros(1))], lr=first)
    schedule = make(optimizer)
    found = []
    for _ in range(epochs):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def matlab_range(start, step, end):
    return [start + step * i for i in range(round((end - start) / step) + 1)]


def schedules():
    print("linear", shown(rates(0.1, lambda o: LinearLR(o, 1, 0.2, 4), 5), 5))
    print("steps", shown(rates(0.1, lambda o: MultiStepLR(o, [1, 3], 0.5), 5), 5))
    print("cosine", shown(rates(0.1, lambda o: CosineAnnealingLR(o, 4, 0.01), 5), 5))
    print("cosine to 0", shown(rates(0.4, lambda o: CosineAnnealingLR(o, 3), 4), 5))
    # 5e-4 * ones(1, 5), 5e-4:-5e-5:1e-4, 1e-4 * ones(1, 10), 5e-5 ...
    print("cub", shown(([5e-4] * 5 + matlab_range(5e-4, -5e-5, 1e-4) + [1e-4] * 10 + [5e-5] * 9)[:26], 5))
    print("cars", shown(([1e-3] * 5 + matlab_range(1e-3, -1e-4, 1e-4) + [1e-4] * 10 + [5e-5] * 9)[:27], 5))


# Saliency


def gradients(weights, head, x, y):
    """Each image's gradient of log p at its label: the norm over the channels, and 1 - p."""
    x = x.clone().requires_grad_()
    features = F.max_pool2d(F.relu(F.conv2d(x, weights)), 2, stride=1).flatten(1)
    logits = features @ head.T
    log_p = F.log_softmax(logits, 1)[torch.arange(len(x)), y]
    maps = torch.autograd.grad(log_p.sum(), x)[0].norm(dim=1)
    others = logits.detach().clone()
    others[torch.arange(len(x)), y] = -torch.inf
    odds = torch.logsumexp(others, 1) - logits.detach()[torch.arange(len(x)), y]
    return maps, torch.sigmoid(odds)


def tau(one, x, y, width, height):
    """The share of a map in a box, whose pixels are those with their centres inside."""
    down, across = np.indices(one.shape) + 0.5
    inside = (across >= x) & (across < x + width) & (down >= y) & (down < y + height)
    return one.numpy()[inside].sum() / one.numpy().sum()


def saliency():
    weights, head = wave(24, 0.7).reshape(3, 2, 2, 2), wave(36, 0.3).reshape(3, 12)
    x, y = wave(64, 1.1).reshape(2, 2, 4, 4), torch.tensor([2, 0])
    maps, factors = gradients(weights, head, x, y)
    print(shown(maps))
    print(shown(factors))
    print(shown(maps / factors.reshape(2, 1, 1)))
    print("[4, 4]", shown(factors[1]))
    print(shown(torch.log(gradients(weights, head * 200, x, torch.tensor([0, 2]))[1])))
    print(shown([tau(maps[0], 0, 0, 2, 4), tau(maps[1], 0.6, 1, 2, 1.4)]))
    print(shown(tau(maps[0], 1, 1, 10, 2)))
    print(shown((maps / maps.sum((1, 2), keepdim=True)).sum(2)))


# Evaluation


def evaluation():
    x = torch.sin(torch.arange(33) * 0.9).reshape(11, 3)
    y = torch.tensor([2, 0, 1, 2, 1, 2, 0, 2, 0, 1, 2])
    logits = x @ torch.sin(torch.arange(15) * 1.7).reshape(5, 3).T + torch.arange(5) / 10
    answers = logits.argmax(1)
    print(f"{F.cross_entropy(logits, y).item():.5g} {(answers == y).double().mean().item():.5g}")
    tops = [(logits.topk(k, 1).indices == y[:, None]).any(1).double().mean().item() for k in (1, 2, 5)]
    print(" ".join(f"{top:.5g}" for top in tops))
    counts = np.zeros((5, 5), int)
    np.add.at(counts, (y.numpy(), answers.numpy()), 1)
    print("tensor [5, 5] int32\n[" + ",\n ".join(str(row) for row in counts.tolist()) + "]")
    with np.errstate(invalid="ignore"):
        print(", ".join(f"{name} {share:.5g}" for name, share in zip("abcde", counts.diagonal() / counts.sum(1))))
    print("tensor [11] int32", (logits > logits.gather(1, y[:, None])).sum(1).tolist())


# Training


def network(step=1.3):
    g = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    with torch.no_grad():
        g[0].weight[:] = wave(20, step).reshape(5, 4)
        g[0].bias[:] = wave(5, 0.4)
        g[2].weight[:] = wave(15, step + 0.2).reshape(3, 5)
        g[2].bias[:] = 0
    return g


labels = torch.tensor([0, 1, 2, 1, 0, 2, 2, 1])
A, B = wave(32, 0.8).reshape(8, 4), wave(32, 1.9).reshape(8, 4)


def fit(g, optimizer, loss, lrs, clip=None):
    """One step on all records for each learning rate; gives what `loss` tells before each."""
    told = []
    for epoch, lr in enumerate(lrs):
        if lr is not None:
            optimizer.param_groups[0]["lr"] = lr
        optimizer.zero_grad()
        values = loss(epoch)
        values["loss"].backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(g.parameters(), clip)
        optimizer.step()
        told.append({"epoch": epoch, "lr": optimizer.param_groups[0]["lr"]})
        told[-1].update({name: value.item() for name, value in values.items()})
    return told


def recipe(g):
    return SGD(g.parameters(), lr=1, momentum=0.9, weight_decay=5e-4)


def show(told, names):
    for row in told:
        print(", ".join(f"{name} {row[name]:.4g}" for name in names))


def end(g):
    logits = g(B)
    print(f"{F.cross_entropy(logits, labels).item():.4g} {(logits.argmax(1) == labels).double().mean().item():.4g}")


def soft(logits, T):
    return F.softmax(logits / T, 1), F.log_softmax(logits / T, 1)


def kl(student, teacher, T):
    return F.kl_div(soft(student, T)[1], soft(teacher, T)[1], reduction="batchmean", log_target=True)


def distilled(f, g, T, weight):
    """The paper's loss for an epoch, and its parts."""
    def loss(epoch):
        teacher, student = f(A).detach(), g(B)
        t, own = T(epoch), F.cross_entropy(student, labels)
        cross = -(soft(teacher, t)[0] * soft(student, t)[1]).sum(1).mean()
        return {"loss": own + weight(t) * cross, "cross_entropy": own, "kl": kl(student, teacher, t)}
    return loss


def squared(f, g):
    def loss(epoch):
        own, apart = F.cross_entropy(g(B), labels), F.mse_loss(g(B), f(A).detach())
        return {"loss": own + apart, "cross_entropy": own, "mse": apart}
    return loss


def training():
    g = network()
    show(fit(g, recipe(g), lambda epoch: {"loss": F.cross_entropy(g(A), labels)}, [0.2, 0.15, 0.1]),
         ["epoch", "lr", "loss"])
    end(g)

    h = network()
    classes = torch.tensor([1, 2, 0.5])
    show(fit(h, SGD(h.parameters(), lr=1, weight_decay=0.01), lambda epoch: {
        "loss": F.cross_entropy(h(A), labels, weight=classes, label_smoothing=0.1)}, [0.1, 0.1], clip=0.5), ["loss"])

    w = network()
    weights = torch.tensor([1, 2, 3, 4, 1, 1, 0, 2.0])
    show(fit(w, recipe(w), lambda epoch: {
        "loss": (F.cross_entropy(w(A), labels, reduction="none") * weights).sum() / weights.sum()},
        [0.1, 0.1]), ["loss"])

    k = network()
    show(fit(k, Adam(k.parameters(), lr=0.01), lambda epoch: {"loss": F.cross_entropy(k(A), labels)},
             [None, None]), ["lr", "loss"])

    print(f"loss {F.cross_entropy(network()(A), labels).item():.4g}")

    s = network()
    for x in (A, B):
        fit(s, recipe(s), lambda epoch: {"loss": F.cross_entropy(s(x), labels)}, [0.1, 0.1])
    end(s)

    f = network(0.6)
    student = copy.deepcopy(f)
    show(fit(student, recipe(student), distilled(f, student, lambda epoch: 4, lambda t: 2 * t * t), [0.01, 0.01]),
         ["loss", "cross_entropy", "kl"])
    end(student)
    into = network()
    show(fit(into, recipe(into), distilled(f, into, lambda epoch: 2 + epoch, lambda t: 3), [0.05, 0.05]),
         ["loss", "cross_entropy", "kl"])
    into = network()
    show(fit(into, recipe(into), squared(f, into), [0.05, 0.05]), ["loss", "cross_entropy", "mse"])
    print(f"{kl(wave(6, 1.4).reshape(2, 3), wave(6, 2.3).reshape(2, 3), 3).item():.5g}")


def missing(lines, expected):
    """The first line that is not found in order among the expected ones; None if all are."""
    rest = iter(expected)
    return next((line for line in lines if line not in rest), None)


scripts = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts")
for part in (schedules, saliency, evaluation, training):
    name = f"stdlib_{part.__name__}.lbk"
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        part()
    print(f"# {name}\n{output.getvalue()}")
    with open(os.path.join(scripts, name), encoding="utf-8") as file:
        expected = [line.removeprefix("# expect: ").rstrip("\n") for line in file if line.startswith("# expect: ")]
    line = missing(output.getvalue().splitlines(), expected)
    if line is not None:
        sys.exit(f"error: {name} does not expect: {line}")
