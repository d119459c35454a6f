#!/usr/bin/env bash
# PyTorch 2.13.0, CPU, float32: the gradient of cross_entropy at the true class is exactly 0 once its
# logit leads by 17, while the gradients of the other classes are still right. A row of the gradient,
# whose sum is 0 by definition, then sums to 1 - p, and what is computed from it (a gradient map) lacks
# the true class's whole part: an error of 100 % of the entry, not of a rounding. From a lead of 12 on
# the entry is off by 0.2 %, at 15 by 10 %. In float64 the entry is right at all of these.
#
# One would expect 1 - p from the other classes' shares, as -(sum of the others) gives it, to the last
# digits. (The loss itself is 0 there, too, where log1p gives 9e-8.)
#
# Seen on 2026-11-29:
#   lead 12: -1.335144e-05, float64 -1.332410e-05, others exact to 7 digits
#   lead 17:  0.000000e+00, float64 -8.977821e-08, row sum 8.977818e-08, loss 0.0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install torch==2.13.0+cpu numpy
"$work/venv/bin/python" - <<'END'
import torch
import torch.nn.functional as F


def gradient(lead, dtype):
    logits = torch.tensor([[lead, 0.3, -0.2]], dtype=dtype, requires_grad=True)
    loss = F.cross_entropy(logits, torch.tensor([0]))
    loss.backward()
    return logits.grad[0].double(), loss.item()


for lead in (12.0, 15.0, 17.0):
    (single, loss), (double, _) = gradient(lead, torch.float32), gradient(lead, torch.float64)
    errors = ((single - double) / double).abs()
    print(f"lead {lead:.0f}: {single[0]:.6e}, float64 {double[0]:.6e}, relative errors "
          f"{errors.tolist()}, row sum {single.sum():.6e}, loss {loss}")
    assert errors[1:].max() < 1e-5, "the other classes are no longer exact"
    assert errors[0] > 1e-3, "the true class is exact now"
single, loss = gradient(17.0, torch.float32)
assert single[0] == 0 and single[1] > 0 and loss == 0, "it is no longer 0 at a lead of 17"
print("as seen")
END
