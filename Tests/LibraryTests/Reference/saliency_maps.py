"""Saliency maps of a small network in float64, by captum where it computes the same thing.

    pip install torch captum
    python Tests/LibraryTests/Reference/saliency_maps.py

The lines are compared in Tests/Scripts/saliency_maps.lbk: of each map the first three numbers, the sum and the norm.
Network, weights and images are closed forms, so that nothing needs to be stored.
"""

import torch
from captum.attr import (
    GuidedBackprop,
    IntegratedGradients,
    LayerGradCam,
    NoiseTunnel,
    Occlusion,
    Saliency,
)

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


def shown(name, m):
    m = m.detach()
    numbers = [*m.flatten()[:3].tolist(), m.sum().item(), m.norm().item()]
    print(name + ":", " ".join(f"{v:.4g}" for v in numbers))


net = Net()
x = ((53 * torch.arange(256) + 7) % 101 / 100).reshape(2, 2, 8, 8)
y = torch.tensor([0, 2])
for of, f in [("logit", net), ("likelihood", Likelihood(net))]:
    shown(f"{of} gradient", Saliency(f).attribute(x, y, abs=False))
    for at, layer in [("r2", net.r2), ("r1", net.r1)]:
        cam = LayerGradCam(f, layer)
        shown(f"{of} Grad-CAM {at}", cam.attribute(x, y, relu_attributions=True)[:, 0])
        shown(f"{of} Grad-CAM {at}, signed", cam.attribute(x, y)[:, 0])
    for stride in (1, 2):
        # captum gives every channel the same number, since the window covers both.
        windows = Occlusion(f).attribute(x, (2, 3, 3), strides=(2, stride, stride), target=y, baselines=0)
        shown(f"{of} occlusion {stride}", windows[:, 0])
    shown(f"{of} guided", GuidedBackprop(f).attribute(x, y))
    # captum's own rules have weights that do not add up to 1 or other points: the midpoints are written out.
    steps = [(i + 0.5) / 50 for i in range(50)]
    total = sum(Saliency(f).attribute(a * x, y, abs=False) for a in steps)
    added = total / 50 * x
    shown(f"{of} integrated", added)
    rows = torch.arange(2)
    gap = added.sum((1, 2, 3)) - (f(x)[rows, y] - f(0 * x)[rows, y])
    print(f"{of} gap:", " ".join(f"{v:.3g}" for v in gap.tolist()))
    exact, delta = IntegratedGradients(f).attribute(
        x, target=y, n_steps=2000, method="riemann_middle", return_convergence_delta=True
    )
    shown(f"{of} integrated, 2000 steps", exact)


# Many samples, since each program draws noise of its own: the norms agree to the deviation of the mean.
torch.manual_seed(0)
smooth = NoiseTunnel(Saliency(net)).attribute(
    x, nt_samples=4000, nt_samples_batch_size=50, stdevs=0.3, target=y, abs=False
)
shown("logit smoothgrad, 4000 samples", smooth)

# A sure network: 1 - p of the class that each image is taken for.
with torch.no_grad():
    net.fc.weight *= 120
    net.fc.bias *= 120
    z = net(x)
    top = z.argmax(1)
    others = z.scatter(1, top[:, None], -torch.inf).logsumexp(1)
    print("sure:", (others - z.gather(1, top[:, None])[:, 0]).sigmoid().tolist())
