"""The rounding errors of Winograd's F(m, 3) by its points, and the search for those of F(5, 3).

    pip install numpy; python winograd_points.py

Largest and root-mean-square error in float32 of 64 channels of normal numbers, over the result's standard deviation.
"""

import numpy as np


def matrices(points, m, r):
    """A^T, G and B^T for finite `points` and infinity."""
    def powers(k):
        return np.array([[p**j for j in range(k)] for p in points] + [[0] * (k - 1) + [1]], float)

    norms = np.array([np.prod([p - q for q in points if q != p]) for p in points] + [1.0])
    rows = []
    for left_out in list(points) + [None]:
        polynomial = np.array([1.0])
        for q in points:
            if q != left_out:
                polynomial = np.convolve(polynomial, [1, -q])
        rows.append(np.concatenate([polynomial[::-1], [0] * (left_out is not None)]))
    return powers(m).T, powers(r) / norms[:, None], np.array(rows)


def errors(points, m, r=3, channels=64, trials=20):
    a, g, b = (x.astype(np.float32) for x in matrices(points, m, r))
    draw = np.random.default_rng(0)
    n = m + r - 1
    found, exact = [], []
    for _ in range(trials):
        d = draw.standard_normal((channels, n, n)).astype(np.float32)
        w = draw.standard_normal((channels, r, r)).astype(np.float32)
        u = np.einsum("ij,cjk,lk->cil", g, w, g, dtype=np.float32)
        v = np.einsum("ij,cjk,lk->cil", b, d, b, dtype=np.float32)
        found.append(a @ (u * v).sum(0, dtype=np.float32) @ a.T)
        exact.append(sum(np.einsum("cyx,c->yx", d[:, i:i + m, j:j + m].astype(float), w[:, i, j].astype(float))
                         for i in range(r) for j in range(r)))
    difference = np.abs(np.array(found) - np.array(exact)) / np.std(exact)
    return difference.max(), np.sqrt((difference**2).mean())


root = 2**0.5
print("F(2, 3), 0, 1, -1", errors([0, 1, -1], 2))
print("F(4, 3), 0, ±1, ±2", errors([0, 1, -1, 2, -2], 4))
print("F(4, 3), 0, ±1/√2, ±√2", errors([0, 1 / root, -1 / root, root, -root], 4))
tried = []
for p in [0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8]:
    for q in [0.9, 1.0, 1.1, 1.2]:
        for r in [1.3, 1.4, 1.5, 1.6, 1.75, 2, 2.25]:
            tried.append((errors([p, -p, q, -q, r, -r], 5, trials=8)[1], f"±{p}, ±{q}, ±{r}", (p, q, r)))
tried.sort()
for _, name, (p, q, r) in tried[:5]:
    print("F(5, 3),", name, errors([p, -p, q, -q, r, -r], 5, trials=60))
