"""Forward values of the network operations, computed by PyTorch: prints what ForwardConstants.swift holds.

    python forward.py > ../ForwardConstants.swift

Inputs are `wave(n, a)`, which the test computes as well: sin(a * (i + 1)) for i in 0..<n, in float64.
"""

import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(a, *shape):
    n = math.prod(shape)
    return torch.tensor([math.sin(a * (i + 1)) for i in range(n)]).reshape(shape)


def show(name, x):
    numbers = [f"{v:.9f}" for v in x.flatten().tolist()]
    lines, line = [], "   "
    for number in numbers:
        if len(line) + len(number) + 2 > 100:
            lines.append(line)
            line = "   "
        line += f" {number},"
    lines.append(line)
    print(f"  static let {name}: [Double] = [")
    print("\n".join(lines))
    print("  ]")


x = wave(0.7, 2, 4, 5, 6)
logits, teacher = 3 * wave(0.9, 3, 5), 3 * wave(1.3, 3, 5)
labels = torch.tensor([4, 0, 2])
scale, shift = 1 + wave(0.3, 4), wave(0.4, 4)

print("// Made by Reference/forward.py with PyTorch", torch.__version__.split("+")[0])
print()
print("enum ForwardConstants {")
show("convolution", F.conv2d(x, wave(0.31, 3, 4, 3, 2), wave(0.5, 3), stride=(2, 1), padding=(1, 0)))
show("grouped", F.conv2d(x, wave(0.31, 4, 2, 3, 3), None, padding=1, groups=2)[:, :, ::2, ::2])
show("reluPool", F.max_pool2d(F.relu(F.conv2d(x, wave(0.31, 3, 4, 3, 3), wave(0.5, 3), padding=1)), 2))
show("maxPool", F.max_pool2d(x, 3, 2, 1))
show("averagePool", F.avg_pool2d(x, (2, 3), (1, 2), (1, 0))[:, :2])
show("adaptivePool", F.adaptive_avg_pool2d(x, (3, 4))[:, :2])
show("adaptiveMaxPool", F.adaptive_max_pool2d(x, (3, 4))[:, :2])
for mode in ["nearest", "bilinear"]:
    show(mode, F.interpolate(x, (7, 9), mode=mode)[:, :1])
    show(mode + "Twice", F.interpolate(x, scale_factor=2, mode=mode)[1:, 3:, ::3, ::2])
    show(mode + "Smaller", F.interpolate(x, (3, 4), mode=mode)[:, :2])
show("lrn", F.local_response_norm(x, 5, alpha=5 * 0.2, beta=0.75, k=2)[:, :, ::2, ::3])
show("batchNorm", F.batch_norm(x, None, None, scale, shift, training=True, eps=1e-5)[:, :, ::2, ::3])
show("batchNormEvaluated", F.batch_norm(x, wave(0.2, 4), 1 + wave(0.3, 4) ** 2, scale, shift, eps=1e-5)[:, :, ::2, ::3])
show("transposed", F.conv_transpose2d(wave(0.7, 2, 4, 3, 3), wave(0.31, 4, 2, 3, 2), wave(0.5, 4), (2, 3), (1, 0), (1, 2), 2)[:, :, ::2, ::3])
show("dilated", F.conv2d(x, wave(0.31, 3, 4, 2, 2), padding=1, stride=(1, 2), dilation=(2, 3)))
show("transposedDilated", F.conv_transpose2d(wave(0.7, 1, 4, 3, 3), wave(0.31, 4, 2, 2, 2), None, 2, 1, 0, 1, (3, 2))[:, :, ::2])
table = wave(0.7, 5, 2).requires_grad_()
(F.embedding(torch.tensor([[3, 0], [3, 3]]), table) * wave(0.3, 2, 2, 2)).sum().backward()
show("embeddingGradient", table.grad)
grid = 1.6 * wave(0.37, 2, 2, 3, 2)
for padding in ["zeros", "border", "reflection"]:
    for corners, aligned in [("", False), ("Aligned", True)]:
        show(padding + corners, F.grid_sample(x, grid, padding_mode=padding, align_corners=aligned)[:, :2])
theta = wave(0.6, 2, 2, 3)
show("affineGrid", F.affine_grid(theta, [2, 1, 2, 3], align_corners=False))
show("affineGridAligned", F.affine_grid(theta, [2, 1, 2, 3], align_corners=True))
show("softmax", F.softmax(logits, 1))
show("logSoftmax", F.log_softmax(logits, 0))
show("linear", F.linear(wave(0.7, 3, 4), wave(0.31, 2, 4), wave(0.5, 2)))
show("crossEntropy", F.cross_entropy(logits, labels))
T = 4
show("distillation", -(F.softmax(teacher / T, 1) * F.log_softmax(logits / T, 1)).sum(1).mean())
print("}")
