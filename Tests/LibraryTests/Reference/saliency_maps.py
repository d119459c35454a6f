"""Saliency maps of a small network in float64, by captum where it computes the same thing.

    pip install torch captum
    python Tests/LibraryTests/Reference/saliency_maps.py

Tests/Scripts/saliency_maps.lbk must expect the lines: of each map the first three numbers, the sum and the norm. Network, weights and images are closed forms, so that nothing needs to be stored.
"""

import os
import sys

import torch
from captum.attr import GuidedBackprop, LayerGradCam, Occlusion, Saliency

torch.set_default_dtype(torch.float64)


def wave(k, shape):
    count = torch.Size(shape).numel()
    return ((37 * torch.arange(count) + 11 * k) % 101 / 100 - 0.5).reshape(shape)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = torch.nn.Conv2d(2, 3, 3, padding=1)
        self.r1 = torch.nn.ReLU()
        self.c2 = torch.nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.r2 = torch.nn.ReLU()
        self.fc = torch.nn.Linear(64, 3)
        for k, p in enumerate(self.parameters()):
            p.data = wave(k, p.shape)

    def forward(self, x):
        return self.fc(self.r2(self.c2(self.r1(self.c1(x)))).flatten(1))


class Likelihood(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x).log_softmax(1)


def shown(m):
    m = m.detach()
    lines.append(" ".join(f"{v:.3g}" for v in [*m.flatten()[:3].tolist(), m.sum().item(), m.norm().item()]))


def integrated(f):
    """captum's own rules have weights that do not add up to 1 or other points: the midpoints are written out."""
    added = sum(Saliency(f).attribute((i + 0.5) / 50 * x, y, abs=False) for i in range(50)) / 50 * x
    rows = torch.arange(2)
    gap = added.sum((1, 2, 3)) - (f(x)[rows, y] - f(0 * x)[rows, y])
    shown(added)
    lines.append(" ".join(f"{v:.2g}" for v in gap.tolist()))


lines = []
net = Net()
x = ((53 * torch.arange(256) + 7) % 101 / 100).reshape(2, 2, 8, 8)
y = torch.tensor([0, 2])
scores = [net, Likelihood(net)]
for f in scores:
    shown(Saliency(f).attribute(x, y, abs=False))
for positive in (True, False):
    for f in scores:
        shown(LayerGradCam(f, net.r2).attribute(x, y, relu_attributions=positive)[:, 0])
for stride, f in [(1, net), (1, scores[1]), (2, scores[1])]:
    # captum gives every channel the same number, since the window covers both.
    windows = Occlusion(f).attribute(x, (2, 3, 3), strides=(2, stride, stride), target=y, baselines=0)
    shown(windows[:, 0])
for f in scores:
    shown(GuidedBackprop(f).attribute(x, y))
for f in scores:
    integrated(f)

# A sure network: 1 - p of the class that each image is taken for.
with torch.no_grad():
    net.fc.weight *= 120
    net.fc.bias *= 120
    z = net(x)
    top = z.argmax(1)
    others = z.scatter(1, top[:, None], -torch.inf).logsumexp(1)
    one = (others - z.gather(1, top[:, None])[:, 0]).sigmoid()
    lines.append(" ".join(f"{v:.2g}" for v in one.tolist()))

script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts/saliency_maps.lbk")
with open(script, encoding="utf-8") as file:
    expected = [line.split("# expect: ")[1].strip() for line in file if "# expect: " in line]
for line in lines:
    print(line)
    if line not in expected:
        sys.exit(f"error: saliency_maps.lbk does not expect: {line}")
