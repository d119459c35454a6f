"""Constants for ImageGradientTests.swift: images moved by torchvision's affine maps and PyTorch's grid_sample, and the
gradients of images through resizing (PyTorch), blurring (SciPy) and these maps (PyTorch).

    pip install torch scipy numpy
    python gradients.py > ../GradientConstants.swift
"""

import math

import numpy as np
import scipy
import torch
import torch.nn.functional as F
from scipy.ndimage import gaussian_filter


def pattern(*shape):
    """The same numbers as `pattern` in ImageGradientTests.swift."""
    i = np.arange(math.prod(shape), dtype=np.int64)
    return torch.tensor(((i * 7919 + i * i % 31 * 613) % 256).astype(np.float64) / 255).reshape(shape)


def swift(name, about, numbers):
    print("\n/// %s" % about)
    print("let %s: [Float] = [" % name)
    texts = ["%.7g" % v for v in np.asarray(numbers, dtype=np.float64).flatten()]
    for k in range(0, len(texts), 10):
        print("  " + ", ".join(texts[k:k + 10]) + ",")
    print("]")


def moved(image, angle, translate, scale, shear, mode="bilinear"):
    """torchvision.transforms.functional.affine, by its formula: angles are clockwise there."""
    rot, sx, sy = math.radians(angle), math.radians(shear[0]), math.radians(shear[1])
    a = math.cos(rot - sy) / math.cos(sy)
    b = -math.cos(rot - sy) * math.tan(sx) / math.cos(sy) - math.sin(rot)
    c = math.sin(rot - sy) / math.cos(sy)
    d = -math.sin(rot - sy) * math.tan(sx) / math.cos(sy) + math.cos(rot)
    inverse = [d / scale, -b / scale, 0, -c / scale, a / scale, 0]
    inverse[2] = -inverse[0] * translate[0] - inverse[1] * translate[1]
    inverse[5] = -inverse[3] * translate[0] - inverse[4] * translate[1]
    h, w = image.shape[-2:]
    y, x = torch.meshgrid(torch.arange(h) + 0.5 - h / 2, torch.arange(w) + 0.5 - w / 2, indexing="ij")
    x, y = x.double(), y.double()
    grid = torch.stack([(inverse[0] * x + inverse[1] * y + inverse[2]) / (w / 2),
                        (inverse[3] * x + inverse[4] * y + inverse[5]) / (h / 2)], dim=-1)
    return F.grid_sample(image[None], grid[None], mode=mode, padding_mode="zeros", align_corners=False)[0]


def gradient(function, image, weights):
    image = image.clone().requires_grad_()
    (function(image) * weights).sum().backward()
    return image.grad


print("// Made by Reference/gradients.py with PyTorch %s and SciPy %s." % (torch.__version__.split("+")[0], scipy.__version__))
image = pattern(2, 7, 9)
swift("turned", "7 x 9 turned by 25 degrees counterclockwise.", moved(image, -25, (0, 0), 1, (0, 0)))
swift("turnedNearest", "The same with the nearest pixels.", moved(image, -25, (0, 0), 1, (0, 0), "nearest"))
options = (-20, (2, -1), 1.3, (12, -7))
swift("movedAffinely", "7 x 9 sheared by 12 and -7 degrees, scaled by 1.3, turned by 20 and moved by (2, -1).", moved(image, *options))
weights = pattern(2, 7, 9).flip(2)
swift("movedGradient", "The gradient of its sum weighted by `pattern`, mirrored.", gradient(lambda x: moved(x, *options), image, weights))
for mode in ["bicubic", "bilinear"]:
    for h, w in [(3, 4), (10, 12), (5, 12)]:
        resize = lambda x: F.interpolate(x[None], (h, w), mode=mode, antialias=True)[0]
        swift("%sGradient%dx%d" % (mode, h, w), "The gradient of 7 x 9 resized to %d x %d." % (h, w), gradient(resize, image, pattern(2, h, w)))
basis = np.eye(63).reshape(63, 7, 9)
matrix = np.stack([gaussian_filter(x, 1.3, mode="nearest").flatten() for x in basis], axis=1)
swift("blurGradient", "The gradient of 7 x 9 blurred by SciPy, sigma 1.3.", (pattern(2, 7, 9).numpy().reshape(2, 63) @ matrix))
