"""The seven methods of experiments.compare in plain PyTorch, as a careful user writes them: the same work as ../grid.lbk.

    pip install torch==2.13.0+cpu numpy pillow
    python grid.py MODE [--data ../shared/data/birds] [--classes 20] [--size 96] [--low 24] [--epochs 10] [--batch 32] [--lr 0.01]

MODE: default | channels_last | compiled (channels_last, torch.compile, fused SGD). Images are decoded and resized once, the degraded
ones made once; f is trained once, and its logits are computed once. All methods start from the same weights. Prints a JSON line with
the seconds, the peak memory in MB and the accuracies.
"""

import argparse
import copy
import json
import pathlib
import resource
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from train_step import resnet18


def resized(x, size):
    return F.interpolate(x, size=(size, size), mode="bicubic", antialias=True, align_corners=False)


def records(root, classes, size):
    """The images and labels of the training and the test set."""
    table = lambda name: dict(line.split(" ", 1) for line in (root / name).read_text().splitlines())
    paths, labels, train = table("images.txt"), table("image_class_labels.txt"), table("train_test_split.txt")
    parts = {"1": ([], []), "0": ([], [])}
    for i, path in paths.items():
        if int(labels[i]) <= classes:
            with Image.open(root / "images" / path) as image:
                pixels = np.asarray(image.convert("RGB"), dtype=np.float32).transpose(2, 0, 1) / 255
            parts[train[i]][0].append(resized(torch.from_numpy(pixels.copy())[None], size)[0])
            parts[train[i]][1].append(int(labels[i]) - 1)
    return [(torch.stack(x), torch.tensor(y)) for x, y in parts.values()]


class Grid:
    """How every method trains and tests."""

    def __init__(self, mode, options):
        self.mode, self.o = mode, options
        self.format = torch.contiguous_format if mode == "default" else torch.channels_last

    def train(self, g, x, y, targets=None, term=None):
        """Trains g on x and y and, where there are targets, with the term of g's and the targets' logits."""
        o = self.o
        best = self.mode != "default"
        optimizer = torch.optim.SGD(g.parameters(), lr=o.lr, momentum=0.9, weight_decay=5e-4, fused=True if best else None)

        def loss(images, labels, wanted):
            logits = g(images)
            own = F.cross_entropy(logits, labels)
            return own if wanted is None else own + term(logits, wanted)

        step = torch.compile(loss) if self.mode == "compiled" else loss
        g.train()
        for epoch in range(o.epochs):
            for group in optimizer.param_groups:
                group["lr"] = o.lr * (1 - 0.9 * epoch / max(1, o.epochs - 1))
            for batch in torch.randperm(len(x)).split(o.batch):
                images = x[batch].contiguous(memory_format=self.format)
                optimizer.zero_grad()
                step(images, y[batch], None if targets is None else targets[batch]).backward()
                optimizer.step()
        return g

    def logits(self, g, x):
        g.eval()
        with torch.no_grad():
            return torch.cat([g(part.contiguous(memory_format=self.format)) for part in x.split(100)])

    def accuracy(self, g, x, y):
        return round(float((self.logits(g, x).argmax(1) == y).float().mean()), 4)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("mode", choices=["default", "channels_last", "compiled"])
    p.add_argument("--data", type=pathlib.Path, default=pathlib.Path("../shared/data/birds"))
    for name, value in [("classes", 20), ("size", 96), ("low", 24), ("epochs", 10), ("batch", 32), ("lr", 0.01)]:
        p.add_argument("--" + name, type=type(value), default=value)
    o = p.parse_args()
    start = time.perf_counter()
    torch.manual_seed(0)
    (a, y), (test_a, test_y) = records(o.data, o.classes, o.size)
    degraded = lambda x: torch.cat([resized(resized(part, o.low), o.size).clamp(0, 1) for part in x.split(100)])
    b, test_b = degraded(a), degraded(test_a)
    grid = Grid(o.mode, o)
    first = resnet18(o.classes).to(memory_format=grid.format)
    new = lambda: copy.deepcopy(first)
    T = 4.0
    soft = lambda s, t: 2 * T * T * -(F.softmax(t / T, 1) * F.log_softmax(s / T, 1)).sum(1).mean()
    squared = lambda s, t: F.mse_loss(s, t)

    found = {}
    f = grid.train(new(), a, y)
    found["A on A"], found["A on B"] = grid.accuracy(f, test_a, test_y), grid.accuracy(f, test_b, test_y)
    teacher = grid.logits(f, a)
    runs = {
        "B": lambda: grid.train(new(), b, y),
        "A+B": lambda: grid.train(new(), torch.cat([a, b]), torch.cat([y, y])),
        "A,B": lambda: grid.train(copy.deepcopy(f), b, y),
        "CQD": lambda: grid.train(new(), b, y, teacher, soft),
        "A,CQD": lambda: grid.train(copy.deepcopy(f), b, y, teacher, soft),
        "logits": lambda: grid.train(new(), b, y, teacher, squared),
    }
    for name, run in runs.items():
        found[f"{name} on B"] = grid.accuracy(run(), test_b, test_y)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"mode": o.mode, "seconds": round(time.perf_counter() - start, 1), "peak_mb": peak, "accuracy": found}))


main()
