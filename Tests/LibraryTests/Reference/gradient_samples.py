"""Samples of tensors, and what a function of them and its gradient are, for other scripts of this folder."""

import torch


def p(*shape, step=37):
    return (((step * torch.arange(torch.Size(shape).numel())) % 101) / 25).reshape(shape)


def show(name, f, x):
    x = x.clone().requires_grad_()
    y = f(x)
    value = (y * torch.sin(1.0 + torch.arange(y.numel())).reshape(y.shape)).sum()
    value.backward()
    numbers = [value.item()] + x.grad.reshape(-1)[:3].tolist() + [x.grad.norm().item()]
    print(name, list(y.shape), "[" + ", ".join(f"{n:.9g}" for n in numbers) + "]")
