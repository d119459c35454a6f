"""Prints the constants of Tests/Scripts/losses_of_records.lbk: losses and gradients of PyTorch, in float64.

Run: python record_losses.py
"""

import torch
import torch.nn.functional as F

from gradient_samples import p, show

torch.set_default_dtype(torch.float64)

z = p(4, 3) - 2
labels = torch.tensor([2, 0, 1, 1])
soft = p(4, 3, step=53)
soft = soft / soft.sum(1, keepdim=True)
w = torch.tensor([0.5, 2.0, 1.0])
for reduction in ["none", "sum", "mean"]:
    show("cross entropy " + reduction, lambda x: F.cross_entropy(x, labels, w, label_smoothing=0.2, reduction=reduction), z)
    show("soft " + reduction, lambda x: F.cross_entropy(x, soft, w, label_smoothing=0.2, reduction=reduction), z)
show("binary", lambda x: F.binary_cross_entropy_with_logits(x, soft, pos_weight=w, reduction="none"), 20 * z)
show("huber", lambda x: F.huber_loss(x, soft, delta=0.7, reduction="none"), z)
show("triplet", lambda x: F.triplet_margin_loss(x, z, soft, margin=2, reduction="none"), z + 0.3 * p(4, 3, step=29))
show("mse", lambda x: F.mse_loss(x, soft, reduction="none"), z)
show("kl", lambda x: F.kl_div(F.log_softmax(x, 1), soft, reduction="none").sum(1), z)
m = p(2, 4, 3, 3)
show("layer norm", lambda x: F.layer_norm(x, [3], p(3), p(3, step=53)), m)
show("layer norm of images", lambda x: F.layer_norm(x, [4, 3, 3]), m)
show("group norm", lambda x: F.group_norm(x, 2, p(4), p(4, step=53)), m)
show("instance norm", lambda x: F.instance_norm(x), m)
