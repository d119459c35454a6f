"""PyTorch's gradient maps in float32 against float64's, for the network of saliency/maps.lbk.

    python saliency_maps.py maps.npz

The float64 gradient has the other classes' probabilities in place of p - 1, so it is exact at any gap. As
float32 gives the gradient and not the map without its factor, maps beyond its range are zeros there.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F

data = np.load(sys.argv[1])
x, y = torch.tensor(data["x"]), torch.tensor(data["y"]).long()


def logits(x, factor, dtype):
    w = {k: torch.tensor(data[k]).to(dtype) for k in ("w1", "b1", "w2", "b2", "w3", "b3", "w4", "b4")}
    # The scaled last layer is rounded to float32 first: both precisions have the same weights.
    w["w4"] = (torch.tensor(data["w4"]) * factor).to(dtype)
    w["b4"] = (torch.tensor(data["b4"]) * factor).to(dtype)
    h = F.max_pool2d(F.relu(F.conv2d(4 * (x - 0.5), w["w1"], w["b1"], padding=1)), 2)
    h = F.max_pool2d(F.relu(F.conv2d(h, w["w2"], w["b2"], padding=1)), 2)
    h = F.relu(F.linear(h.flatten(1), w["w3"], w["b3"]))
    return F.linear(h, w["w4"], w["b4"])


gaps, errors = [], []
for factor in data["factors"].tolist():
    for low in range(0, len(x), 100):
        images, labels = x[low : low + 100], y[low : low + 100]
        single = images.clone().requires_grad_()
        F.cross_entropy(logits(single, factor, torch.float32), labels, reduction="sum").backward()
        wide = images.double().requires_grad_()
        z = logits(wide, factor, torch.float64)
        own = F.one_hot(labels, z.shape[1]).bool()
        odds = z.masked_fill(own, -torch.inf).logsumexp(1) - z[own]
        F.softplus(odds, threshold=1000).sum().backward()
        found = single.grad.norm(dim=1).double().flatten(1)
        exact = wide.grad.norm(dim=1).flatten(1)
        errors.append(((found - exact).abs().max(1)[0] / exact.max(1)[0]).numpy())
        gaps.append(-odds.detach().numpy())
# Where even float64's gradient is zero, nothing is left to compare: an error of 1.
gap, error = np.concatenate(gaps), np.nan_to_num(np.concatenate(errors), nan=1)
edges = data["edges"].tolist()
for low, high in zip(edges, edges[1:]):
    here = error[(gap >= low) & (gap < high)]
    if len(here):
        print(f"gap {low:g} to {high:g}: {len(here)} maps, median {np.median(here):.1e}, "
              f"largest {here.max():.1e}, within 0.1 %: {100 * np.mean(here <= 1e-3):.2f} %")
print(f"{len(error)} maps, {100 * np.mean(error <= 1e-3):.2f} % within 0.1 % of float64's")
