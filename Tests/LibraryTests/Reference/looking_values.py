"""The numbers that Tests/Scripts/stdlib_looking.lbk and measures_of_maps.lbk expect: needs numpy and scipy."""

import os
import sys

import numpy as np
from scipy.stats import spearmanr


def shown(values):
    return " ".join(f"{v:.4g}" for v in np.ravel(values))


x = np.sin(np.arange(24) ** 2 * 0.3).reshape(6, 4)
u, s, vt = np.linalg.svd(x - x.mean(0), full_matrices=False)
signs = np.array([np.sign(v[np.argmax(abs(v))]) for v in vt])
lines = [shown(s[:2] ** 2 / np.sum(s**2)), shown((vt * signs[:, None])[:2]), shown((u * s * signs)[:, 0])]
lines.append(f"{spearmanr([1, 2, 2, 4, 5], [5, 6, 7, 8, 7]).statistic:.6f}")

# The calibration error, written out from its definition: bins of (i/5, (i + 1)/5].
logits = 3 * np.sin(np.arange(60) ** 2 * 0.7).reshape(20, 3)
p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
confidence, right = p.max(1), p.argmax(1) == np.arange(20) % 3
error = 0
for i in range(5):
    inside = (confidence > i / 5) & (confidence <= (i + 1) / 5)
    if inside.any():
        error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
lines.append(shown([error, confidence.mean(), right.mean()]) + " 20")

scripts = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts")
expected = []
for name in ("stdlib_looking.lbk", "measures_of_maps.lbk"):
    with open(os.path.join(scripts, name), encoding="utf-8") as file:
        expected += [line.split("# expect: ")[1].strip() for line in file if "# expect: " in line]
for line in lines:
    print(line)
    if line not in expected:
        sys.exit(f"error: no script expects: {line}")
