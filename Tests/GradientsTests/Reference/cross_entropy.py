"""Weighted and smoothed cross-entropies and their gradients by PyTorch, as CrossEntropyTests.swift holds them.

    python cross_entropy.py
"""

import torch
import torch.nn.functional as F

logits = torch.tensor(
    [[1.0, 2, 3, -1], [0, 1, 0, 2], [3, -2, 0.5, 0]], dtype=torch.float64, requires_grad=True)
labels = torch.tensor([0, 3, 1])
classes = torch.tensor([0.5, 2, 1, 3], dtype=torch.float64)
records = torch.tensor([1, 0.25, 3], dtype=torch.float64)

for smoothing in (0, 0.1):
    for w in (None, classes):
        for u in (None, records):
            own = (torch.ones(3) if u is None else u)
            each = F.cross_entropy(
                logits, labels, weight=w, label_smoothing=smoothing, reduction="none")
            loss = (own * each).sum() / (own * (1 if w is None else w[labels])).sum()
            logits.grad = None
            loss.backward()
            numbers = ", ".join(f"{x:.12f}" for x in logits.grad.flatten().tolist())
            print(smoothing, w is not None, u is not None, f"{loss.item():.12f}", numbers)
