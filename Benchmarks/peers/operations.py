"""PyTorch's time for single operations, to set beside training/operations.lbk, a JSON line for each.

    python operations.py [--seconds 1] [--channels-last]
"""

import argparse
import json
import time

import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--seconds", type=float, default=1)
parser.add_argument("--channels-last", action="store_true")
options = parser.parse_args()


def report(work, turn):
    turn()
    turn()
    times = []
    while len(times) < 5 or (sum(times) < options.seconds and len(times) < 200):
        start = time.perf_counter()
        turn()
        times.append(time.perf_counter() - start)
    print(json.dumps({"work": work, "ms": round(sorted(times)[len(times) // 2] * 1e3, 4)}), flush=True)


def randn(*shape):
    x = torch.randn(*shape)
    return x.to(memory_format=torch.channels_last) if options.channels_last and len(shape) == 4 else x


def both(work, f, x):
    x.requires_grad_()

    def forward():
        with torch.no_grad():
            f(x)

    def gradient():
        torch.autograd.grad(f(x).sum(), x)

    report(work + ", forward", forward)
    report(work + ", with gradient", gradient)


def convolution(work, x, filters, size, stride=1, padding=0, groups=1, first=False):
    w = (randn(filters, x.shape[1] // groups, size, size) * 0.05).requires_grad_()
    b = torch.randn(filters, requires_grad=True)
    x.requires_grad_(not first)

    def layer():
        return F.relu(F.conv2d(x, w, b, stride, padding, 1, groups))

    def forward():
        with torch.no_grad():
            layer()

    def gradient():
        torch.autograd.grad(layer().sum(), [w, b] if first else [x, w, b])

    report(work + ", forward", forward)
    report(work + ", with gradient", gradient)


torch.manual_seed(0)
convolution("conv 7x7/2 3-96 of 224, batch 32", randn(32, 3, 224, 224), 96, 7, 2, first=True)
convolution("conv 5x5/2 96-256 of 54, batch 32", randn(32, 96, 54, 54), 256, 5, 2, 1)
convolution("conv 3x3 512-512 of 13, batch 32", randn(32, 512, 13, 13), 512, 3, padding=1)
convolution("conv 3x3 64-64 of 224, batch 8", randn(8, 64, 224, 224), 64, 3, padding=1)
convolution("conv 3x3 32-64 of 14, batch 128", randn(128, 32, 14, 14), 64, 3, padding=1)
convolution("conv 1x1 144-24 of 56, batch 32", randn(32, 144, 56, 56), 24, 1)
convolution("conv 3x3 depthwise 144 of 56, batch 32", randn(32, 144, 56, 56), 144, 3, padding=1, groups=144)
convolution("conv 5x5/2 depthwise 240 of 28, batch 32", randn(32, 240, 28, 28), 240, 5, 2, 2, 240)
both("max pool 3x3/2 of 96x109, batch 32", lambda x: F.max_pool2d(x, 3, 2), randn(32, 96, 109, 109))
both("avg pool 2x2 of 96x108, batch 32", lambda x: F.avg_pool2d(x, 2), randn(32, 96, 108, 108))
both("lrn of 96x109, batch 32", lambda x: F.local_response_norm(x, 5, 5e-4, 0.75, 2.0), randn(32, 96, 109, 109))
both("relu of 96x109, batch 32", F.relu, randn(32, 96, 109, 109))
both("relu6 of 96x109, batch 32", F.relu6, randn(32, 96, 109, 109))
norm = torch.nn.BatchNorm2d(96)
both("batch norm of 96x109, batch 32", norm, randn(32, 96, 109, 109))
classes = torch.randint(0, 1000, (256,))
both("cross entropy of 1000, batch 256", lambda x: F.cross_entropy(x, classes), torch.randn(256, 1000))
teacher = torch.randn(256, 1000)
both("distillation of 1000, batch 256",
     lambda x: -(F.softmax(teacher / 10, 1) * F.log_softmax(x / 10, 1)).sum(1).mean(), torch.randn(256, 1000))


def stepped(name, make):
    weight = torch.randn(4096, 4096, requires_grad=True)
    weight.grad = torch.randn(4096, 4096)
    optimizer = make([weight])
    report(name + " step of 16.8 M", optimizer.step)


fused = True if options.channels_last else None
stepped("sgd", lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, weight_decay=5e-4, fused=fused))
stepped("adam", lambda p: torch.optim.Adam(p, lr=1e-3, fused=fused))
for n in [512, 2048]:
    a, b = torch.randn(n, n), torch.randn(n, n)
    report(f"product {n}", lambda: a @ b)
