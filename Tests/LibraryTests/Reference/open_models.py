"""Networks that are frozen, given a new head and trained by PyTorch: prints what Tests/Scripts/open_models.lbk
expects.

    python Tests/LibraryTests/Reference/open_models.py

needs torch.
"""

import torch
import torch.nn.functional as F
from torch import nn


def wave(module):
    """Sets the weights to numbers that both sides can compute."""
    for i, p in enumerate(module.parameters()):
        p.data = (torch.sin(torch.arange(p.numel(), dtype=torch.float32) * 0.7 + i) / 2).reshape(p.shape)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential()
        self.body.add_module("conv", nn.Conv2d(4, 4, 3, padding=1, bias=False))
        self.body.add_module("bn", nn.BatchNorm2d(4))

    def forward(self, x):
        return x + self.body(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.block = Block()
        self.fc1 = nn.Linear(64, 5)
        self.shared = nn.Linear(5, 5)
        self.fc2 = nn.Linear(5, 2)

    def forward(self, x):
        x = self.block(F.relu(self.bn1(self.conv1(x))))
        x = self.fc1(x.flatten(1))
        x = self.shared(F.relu(self.shared(x)))
        return self.fc2(x)


def steps(net, opt, x, y):
    losses = []
    for _ in range(3):
        opt.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print(" ".join(f"{loss:.4f}" for loss in losses))


def sums(net):
    print(" ".join(f"{p.abs().sum().item():.3f}" for p in net.parameters()))
    print(" ".join(f"{b.sum().item():.3f}" for b in net.buffers()))


net = Net()
wave(net)
x = torch.sin(torch.arange(6 * 16, dtype=torch.float32)).reshape(6, 1, 4, 4)
head = list(net.fc2.parameters())
rest = [p for p in net.parameters() if all(p is not q for q in head)]
opt = torch.optim.SGD([{"params": rest}, {"params": head, "lr": 0.2}], lr=0.02, momentum=0.9, weight_decay=0.01)
steps(net, opt, x, torch.tensor([0, 1, 1, 0, 1, 0]))
sums(net)

net.fc2 = nn.Linear(5, 3)
wave(net.fc2)
for p in head:
    del opt.state[p]
opt.param_groups[1]["params"] = list(net.fc2.parameters())
for layer in (net.conv1, net.bn1):
    layer.requires_grad_(False)
    layer.eval()
steps(net, opt, x, torch.tensor([0, 1, 2, 0, 1, 2]))
sums(net)

net.requires_grad_(True).train()
adam = torch.optim.AdamW(
    [{"params": [p for n, p in net.named_parameters() if not n.startswith("block")]},
     {"params": net.block.parameters(), "lr": 1e-3}], lr=1e-2)
steps(net, adam, x, torch.tensor([0, 1, 2, 0, 1, 2]))
sums(net)


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 5)
        self.kind = nn.Linear(5, 3)
        self.size = nn.Linear(5, 1)

    def forward(self, x):
        x = F.relu(self.body(x))
        return {"kind": self.kind(x), "size": self.size(x)}


two = TwoHeads()
wave(two)
two.kind.weight.requires_grad_(False)
opt = torch.optim.SGD(two.parameters(), lr=0.1, momentum=0.9)
x = torch.sin(torch.arange(12, dtype=torch.float32)).reshape(3, 4)
losses = []
for _ in range(4):
    opt.zero_grad()
    out = two(x)
    loss = F.cross_entropy(out["kind"], torch.tensor([0, 1, 2])) + (out["size"] ** 2).mean()
    loss.backward()
    opt.step()
    losses.append(loss.item())
print(" ".join(f"{loss:.4f}" for loss in losses))
print(" ".join(f"{p.abs().sum().item():.3f}" for p in two.parameters()))
