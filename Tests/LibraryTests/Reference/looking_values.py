"""Numbers that Tests/Scripts/stdlib_looking.lbk and measures_of_maps.lbk compare with: needs numpy and scipy."""

import numpy as np
from scipy.stats import spearmanr

x = np.sin(np.arange(24) ** 2 * 0.3).reshape(6, 4)
u, s, vt = np.linalg.svd(x - x.mean(0), full_matrices=False)
print("shares", s[:2] ** 2 / np.sum(s**2))
signs = np.array([np.sign(v[np.argmax(abs(v))]) for v in vt])
print("components", (vt * signs[:, None])[:2])
print("scores", (u * s * signs)[:, 0])
print("spearman", spearmanr([1, 2, 2, 4, 5], [5, 6, 7, 8, 7]).statistic)

# The calibration error, written out from its definition: bins of (i/5, (i + 1)/5].
logits = 3 * np.sin(np.arange(60) ** 2 * 0.7).reshape(20, 3)
labels = np.arange(20) % 3
p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
confidence, right = p.max(1), p.argmax(1) == labels
error = 0
for i in range(5):
    inside = (confidence > i / 5) & (confidence <= (i + 1) / 5)
    if inside.any():
        error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
print("calibration", error, confidence.mean(), right.mean())
