"""Prints the constants of Tests/Scripts/linear_algebra.lbk: values and gradients of PyTorch, in float64.

Run: python linear_algebra.py
"""

import torch

torch.set_default_dtype(torch.float64)


def p(*shape, k=25, step=37, plus=0):
    n = torch.Size(shape).numel()
    return (((step * torch.arange(n) + plus) % 101) / k).reshape(shape)


def show(name, loss, x):
    x = x.clone().requires_grad_()
    value = loss(x)
    value.backward()
    d = x.grad.reshape(-1)
    numbers = [value.item()] + d[:3].tolist() + [d.norm().item()]
    print(name, "[" + ", ".join(f"{n:.9g}" for n in numbers) + "]")


def weights(x):
    return torch.sin(1.0 + torch.arange(x.numel())).reshape(x.shape)


def weighed(x):
    return (x * weights(x)).sum()


square = p(2, 4, 4) + 5 * torch.eye(4)
positive = lambda x: x @ x.mT + torch.eye(x.shape[-2])
b = p(4, 3, step=53)
L = torch.linalg
show("solve", lambda x: weighed(L.solve(x, b)), square)
show("solve vector", lambda x: weighed(L.solve(square[0], x)), b[:, 0])
show("inv", lambda x: weighed(L.inv(x)), square)
show("cholesky", lambda x: weighed(L.cholesky(positive(x))), p(2, 3, 4))
show("eigh", lambda x: weighed(L.eigh(positive(x))[0]) + weighed(L.eigh(positive(x))[1] ** 2), p(2, 3, 4))
show("svd", lambda x: weighed(L.svd(x, full_matrices=False)[1]) + weighed(L.svd(x, full_matrices=False)[0] ** 2)
     + weighed(L.svd(x, full_matrices=False)[2] ** 2), p(2, 3, 5))
show("pinv", lambda x: weighed(L.pinv(x)), p(2, 5, 3))
show("lstsq", lambda x: weighed(L.lstsq(x, p(5, 2, step=53), driver="gelsd").solution), p(5, 3))
qr = lambda x: weighed(L.qr(x)[0] ** 2) + weighed(L.qr(x)[1] ** 2)
show("qr", qr, p(2, 4, 3))
show("qr wide", qr, p(3, 5))
