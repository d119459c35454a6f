"""Exchanges weights with PyTorch in both directions: the files that Limbeck saves must load with strict=True, those
that PyTorch saves must load in Limbeck, and both must compute the same.

    python Tests/LibraryTests/Reference/state_dicts.py LIMBECK

LIMBECK is the program; needs torch, numpy and safetensors (scripts/test-slow installs them).
"""

import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

torch.manual_seed(0)



class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.ReLU())
        self.kind = nn.Linear(5, 3)
        self.size = nn.Linear(5, 1)

    def forward(self, x):
        x = self.body(x)
        return {"kind": self.kind(x), "size": self.size(x)}


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4))

    def forward(self, x):
        return x + self.body(x)


class Shared(nn.Module):
    """A residual block, and a layer that is used twice."""

    def __init__(self):
        super().__init__()
        self.block = Residual()
        self.fc1 = nn.Linear(36, 5)
        self.shared = nn.Linear(5, 5)
        self.fc2 = nn.Linear(5, 2)

    def forward(self, x):
        x = self.fc1(self.block(x).flatten(1))
        return self.fc2(self.shared(torch.relu(self.shared(x))))


def joined(outputs):
    """The outputs of several heads as one tensor."""
    return torch.cat(list(outputs.values()), 1) if isinstance(outputs, dict) else outputs


JOINED = """fn joined(z) { if type(z) == "tensor" { z } else { concat(values(z), axis: 1) } }
"""

# The same model in both, with the shape of a batch.
MODELS = {
    "mlp": ("sequential([dense(8), relu, dense(3)], input: 5)",
            lambda: nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3)), (2, 5)),
    "cnn": ("sequential([conv(6, 3), batch_norm(), relu, max_pool(2), conv(4, 3, groups: 2, bias: false), relu, "
            "flatten, dense(3)], input: [4, 10, 10])",
            lambda: nn.Sequential(
                nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
                nn.Conv2d(6, 4, 3, groups=2, bias=False), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3)), (2, 4, 10, 10)),
    "nested": ("sequential([sequential([dense(4), batch_norm()]), relu, sequential([dense(2)])], input: 3)",
               lambda: nn.Sequential(nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)), nn.ReLU(),
                                     nn.Sequential(nn.Linear(4, 2))), (4, 3)),
    "two heads": ("model({body: sequential([dense(5, input: 4), batch_norm(), relu]), kind: dense(3, input: 5), "
                  "size: dense(1, input: 5)}, fn(m, x) { let z = m.body(x); {kind: m.kind(z), size: m.size(z)} }, "
                  "input: [4])", TwoHeads, (3, 4)),
    "shared": ("(fn(s) { sequential({block: residual(sequential([conv(4, 3, padding: 1, bias: false), batch_norm()])), "
               "fc1: dense(5), shared: s, relu: relu, again: s, fc2: dense(2)}, input: [4, 3, 3]) })(dense(5))",
               Shared, (4, 4, 3, 3)),
}


def run(limbeck, folder, script):
    with open(f"{folder}/x.lbk", "w") as file:
        file.write(JOINED + script)
    subprocess.run([limbeck, "run", "x.lbk"], cwd=folder, check=True)


limbeck = sys.argv[1]
for name, (ours, make, shape) in MODELS.items():
    with tempfile.TemporaryDirectory() as folder:
        x = torch.randn(shape)
        np.save(f"{folder}/x.npy", x.numpy())
        # Limbeck's to PyTorch. A training pass makes the running means other than those that both begin with.
        run(limbeck, folder, f"""
let g = {ours}
let x = read("x.npy")
let opt = sgd(g, lr: 0.01)
minimize(opt, () -> mean(joined(g(x)) ^ 2))
save(g, "ours.safetensors")
write(joined(g(x)), "ours.npy")
""")
        model = make()
        state = load_file(f"{folder}/ours.safetensors")
        model.load_state_dict(state, strict=True)
        with safe_open(f"{folder}/ours.safetensors", "pt") as file:
            assert file.metadata()["format"] == "pt"
        model.eval()
        with torch.no_grad():
            difference = (joined(model(x)) - torch.from_numpy(np.load(f"{folder}/ours.npy"))).abs().max()
        assert difference < 1e-5, f"{name}: PyTorch computes something else: {difference}"

        # PyTorch's to Limbeck, in each format.
        model = make()
        model.train()
        model(torch.randn(shape))
        model.eval()
        with torch.no_grad():
            expected = joined(model(x))
        save_file(model.state_dict(), f"{folder}/a.safetensors")
        torch.save(model.state_dict(), f"{folder}/b.pth")
        torch.save(model.state_dict(), f"{folder}/c.pt", _use_new_zipfile_serialization=False)
        wrapped = nn.DataParallel(model)
        torch.save({"epoch": 1, "model": wrapped.state_dict()}, f"{folder}/d.pth")
        for path in ["a.safetensors", "b.pth", "c.pt", "d.pth"]:
            run(limbeck, folder, f"""
let g = {ours}
load("{path}", into: g)
write(joined(g(read("x.npy"))), "theirs.npy")
""")
            difference = (expected - torch.from_numpy(np.load(f"{folder}/theirs.npy"))).abs().max()
            assert difference < 1e-5, f"{name}, {path}: Limbeck computes something else: {difference}"
print(f"state dicts of {len(MODELS)} models are exchanged")
