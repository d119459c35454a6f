"""Constants for ResizeTests.swift: PyTorch's antialiased bicubic.

    python resize.py > ../ResizeConstants.swift
"""

import torch
import torch.nn.functional as F

CASES = [(28, 28, 7, 7), (7, 7, 28, 28), (9, 13, 5, 17), (16, 16, 16, 16), (5, 4, 1, 1), (1, 1, 3, 2), (40, 30, 7, 11), (3, 3, 10, 2)]


def pattern(h, w):
    """The same numbers as `pattern` in ResizeTests.swift."""
    i = torch.arange(h * w, dtype=torch.int64)
    return ((i * 7919 + i * i % 31 * 613) % 256).to(torch.float32).reshape(1, 1, h, w) / 255


def main():
    print("// Made by Reference/resize.py with PyTorch %s.\n" % torch.__version__.split("+")[0])
    print("/// Sizes from and to, and PyTorch's result on `pattern`.")
    print("let resizeCases: [(from: [Int], to: [Int], result: [Float])] = [")
    for h, w, height, width in CASES:
        y = F.interpolate(pattern(h, w), size=(height, width), mode="bicubic", antialias=True, align_corners=False)
        numbers = ["%.6g" % v for v in y.flatten().tolist()]
        print("  (\n    [%d, %d], [%d, %d],\n    [" % (h, w, height, width))
        for k in range(0, len(numbers), 8):
            print("      " + ", ".join(numbers[k:k + 8]) + ",")
        print("    ]\n  ),")
    print("]")
    small = F.interpolate(pattern(28, 28), size=(7, 7), mode="bicubic", antialias=True, align_corners=False)
    big = F.interpolate(small, size=(28, 28), mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)
    print("\n/// Rows 0 and 13 of the 28 x 28 `pattern` through 7 x 7 and back, clamped.")
    print("let lowresRows: [[Float]] = [")
    for r in (0, 13):
        numbers = ["%.6g" % v for v in big[0, 0, r].tolist()]
        print("  [")
        for k in range(0, len(numbers), 8):
            print("    " + ", ".join(numbers[k:k + 8]) + ",")
        print("  ],")
    print("]")


main()
