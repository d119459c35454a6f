"""Prints the constants of Tests/Scripts/rearranging.lbk: values and gradients of PyTorch, in float64.

Run: python rearranging.py
"""

import torch

from gradient_samples import p, show

torch.set_default_dtype(torch.float64)

a, b = p(2, 3, 4), p(4, 3, step=53)
for formula in ["nij,jk->nik", "nij,ji->n", "nij,jk->ki", "nij,ji", "nij,ab->banj"]:
    show(formula, lambda x: torch.einsum(formula, x, b), a)
show("nii->in", lambda x: torch.einsum("nii->in", x), p(2, 3, 3))
show("i,j,k->ik", lambda x: torch.einsum("i,j,k->ik", x, p(2), b[:, 0]), p(3))
show("outer", lambda x: torch.outer(x, p(4)), p(3))
show("diag", lambda x: torch.diag(x, 1), p(3, 5))
show("diag below", lambda x: torch.diag(x, -1), p(3))
show("tile", lambda x: torch.tile(x, (2, 1, 3)), p(2, 3))
show("repeat", lambda x: torch.repeat_interleave(x, 3, dim=1), a)
show("roll", lambda x: torch.roll(x, -5, 1), a)
show("roll all", lambda x: torch.roll(x, 5), a)
show("diff", lambda x: torch.diff(x, n=2, dim=1), a)
show("cumprod", lambda x: torch.cumprod(x, 1), a)
show("tan", torch.tan, 0.3 * p(5))
show("atan2", lambda x: torch.atan2(x, 1 - p(5, step=53)), 2 - p(5))
show("atan2 right", lambda x: torch.atan2(1 - p(5, step=53), x), 2 - p(5))
show("erf", torch.erf, 2 - p(7))
show("gelu", torch.nn.functional.gelu, 2 - p(7))
show("silu", torch.nn.functional.silu, 2 - p(7))
show("elu", torch.nn.functional.elu, 2 - p(7))
