"""Compares the networks of stdlib/networks.lbk with torchvision's.

    python Tests/LibraryTests/Reference/networks.py LIMBECK     # weights both ways, logits, starting weights
    python Tests/LibraryTests/Reference/networks.py             # prints the table that NetworkTests.swift holds

LIMBECK is the program. State dicts with random numbers, saved by PyTorch, must load in Limbeck and give the same
logits at two sizes of images, to 1e-4 of the largest; those that Limbeck saves must load with strict=True and be the
same; and weights must start with the same distributions. vgg_m is compared with the same layers in PyTorch, whose
names are numbers. Needs torch, torchvision, numpy and safetensors; scripts/test-slow installs them.
"""

import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

# PyPI's torchvision is built for CUDA, and its compiled operations do not load into torch's CPU build. Its networks
# need none of them.
for operation in ("nms", "qnms") if torch.version.cuda is None else ():
    torch.library.define(f"torchvision::{operation}", "(Tensor boxes, Tensor scores, float threshold) -> Tensor")
from torchvision import models  # noqa: E402

# The network here, torchvision's, sides of images.
NETWORKS = {
    "alexnet": (models.alexnet, [224, 150]),
    "vgg_vd_16": (models.vgg16, [224, 100]),
    "vgg_vd_19": (models.vgg19, [224, 64]),
    "resnet18": (models.resnet18, [224, 97]),
    "resnet34": (models.resnet34, [224, 64]),
    "mobilenet_v2": (models.mobilenet_v2, [224, 75]),
}


def vgg_m():
    norm = lambda: nn.LocalResponseNorm(5, 5e-4, 0.75, 2.0)
    return nn.Sequential(
        nn.Conv2d(3, 96, 7, 2), nn.ReLU(), norm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, 2, 1), nn.ReLU(), norm(), nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.Conv2d(256, 512, 3, 1, 1), nn.ReLU(), nn.Conv2d(512, 512, 3, 1, 1), nn.ReLU(),
        nn.Conv2d(512, 512, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Linear(512 * 36, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
        nn.Linear(4096, 1000))


def declared(model):
    """The names and shapes of the tensors, with ? for what the first images decide."""
    lines = []
    for path, module in model.named_modules():
        for name, tensor in list(module.named_parameters(recurse=False)) + list(module.named_buffers(recurse=False)):
            shape = [str(side) for side in tensor.shape]
            if isinstance(module, nn.BatchNorm2d):
                shape = ["?"] * len(shape)
            elif len(shape) > 1:
                shape[1] = "?"
            lines.append(f"{path}.{name} [{', '.join(shape)}]")
    return sorted(lines)


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & ((1 << 64) - 1)
    return value


def randomize(model):
    """Gives every tensor numbers of its own; batch normalisation begins with 0 and 1."""
    for name, tensor in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            tensor.fill_(3)
        elif name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
        elif name.endswith("running_mean"):
            tensor.normal_(0, 0.1)
        elif tensor.dim() == 1:
            tensor.add_(torch.randn_like(tensor) * 0.1)


def run(limbeck, folder, script):
    with open(f"{folder}/x.lbk", "w") as file:
        file.write(script)
    subprocess.run([limbeck, "run", "x.lbk"], cwd=folder, check=True)


def normalized(x):
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (x - mean.reshape(3, 1, 1)) / std.reshape(3, 1, 1)


def compare(limbeck, name, model, sides, prepare):
    model.eval()
    with tempfile.TemporaryDirectory() as folder:
        state = model.state_dict()
        torch.save(state, f"{folder}/g.pth")
        save_file(state, f"{folder}/g.safetensors")
        np.savez(f"{folder}/g.npz", **{key: value.numpy() for key, value in state.items()})
        script = [f'let g = {name}(weights: "g.pth")', 'save(g, "ours.safetensors")']
        for kind in ["safetensors", "npz"]:
            script.append(f'let {kind} = {name}(weights: "g.{kind}")')
            script.append(f'for path, w in {kind}.parameters {{ assert(all(w == g.parameters[path])) }}')
        for side in sides:
            coarse = torch.rand(2, 3, 8, 8)
            x = torch.nn.functional.interpolate(coarse, size=(side, side), mode="bilinear")
            np.save(f"{folder}/x{side}.npy", x.numpy())
            with torch.no_grad():
                np.save(f"{folder}/expected{side}.npy", model(prepare(x)).numpy())
            script.append(f'write(g(read("x{side}.npy")), "y{side}.npy")')
        run(limbeck, folder, "\n".join(script) + "\n")
        for side in sides:
            y, expected = np.load(f"{folder}/y{side}.npy"), np.load(f"{folder}/expected{side}.npy")
            difference = np.abs(y - expected).max() / np.abs(expected).max()
            print(f"{name} at {side}: logits differ by {difference:.2g} of the largest")
            assert difference < 1e-4
        ours = load_file(f"{folder}/ours.safetensors")
        if name == "vgg_m":
            assert sorted(list(t.shape) for t in ours.values()) == sorted(list(t.shape) for t in state.values())
            return
        model.load_state_dict(ours, strict=True)
        assert all(torch.equal(ours[key].to(value.dtype), value) for key, value in state.items())


def compare_starts(limbeck, name, make):
    """The deviations of weights that have just been made."""
    with tempfile.TemporaryDirectory() as folder:
        run(limbeck, folder, f'seed(1)\nsave({name}(input: [3, 64, 64]), "start.safetensors")\n')
        ours = load_file(f"{folder}/start.safetensors")
        for key, value in make().state_dict().items():
            a, b = value.double(), ours[key].double()
            assert a.shape == b.shape, key
            if a.numel() == 1 or a.std() == 0:
                assert torch.equal(a, b), key
            elif a.numel() >= 500:
                assert abs(b.std() / a.std() - 1) < 0.2 and abs(b.abs().max() / a.abs().max() - 1) < 0.5, key
            else:
                assert b.std() > 0, key


if len(sys.argv) == 1:
    for name, (make, _) in NETWORKS.items():
        model = make()
        lines = declared(model)
        count = sum(p.numel() for p in model.parameters())
        print(f'    ("{name}", {len(lines)}, 0x{fnv(chr(10).join(lines)):016x}),  // {count} parameters')
else:
    limbeck = os.path.abspath(sys.argv[1])
    torch.manual_seed(0)
    for name, (make, sides) in NETWORKS.items():
        model = make()
        randomize(model)
        compare(limbeck, name, model, sides, normalized)
        compare_starts(limbeck, name, make)
    model = vgg_m()
    randomize(model)
    compare(limbeck, "vgg_m", model, [224], lambda x: x)
