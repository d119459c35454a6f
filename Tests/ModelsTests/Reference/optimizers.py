"""Ten steps of SGD, Adam and AdamW by PyTorch: prints the weights that OptimizerTests.swift expects.

The loss is sum((w - c)^2 * s) with w from 0, c = 1, -2, 3 and s = 0.5, 1, 2.
"""

import torch


def run(make, clip=None):
    w = torch.zeros(1, 3, dtype=torch.float64, requires_grad=True)
    c, s = torch.tensor([[1.0, -2.0, 3.0]]), torch.tensor([[0.5, 1.0, 2.0]])
    optimizer = make([w])
    for _ in range(10):
        optimizer.zero_grad()
        (((w - c) ** 2) * s).sum().backward()
        if clip:
            torch.nn.utils.clip_grad_norm_([w], clip)
        optimizer.step()
    return [round(v, 7) for v in w.flatten().tolist()]


print("sgd", run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1)))
print("nesterov", run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1, nesterov=True)))
print("adam", run(lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.99), weight_decay=0.1)))
print("adamw", run(lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.8, 0.99), weight_decay=0.1)))
print("clipped", run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), clip=1.5))
