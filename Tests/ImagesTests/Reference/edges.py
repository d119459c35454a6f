"""Constants for EdgesTests.swift: scikit-image's canny and sobel.

    pip install scikit-image
    python edges.py > ../EdgeConstants.swift
"""

import numpy as np
import skimage
from skimage.feature import canny
from skimage.filters import sobel

SIZES = [(24, 31), (3, 3), (1, 1), (2, 5), (1, 9), (17, 8)]
CANNY = [(1, 0.1, 0.2), (0, 0.3, 1.5), (2.5, 0, 0.2), (1.3, 0.4, 0.8)]


def pattern(h, w):
    """The same numbers as `edgePattern` in EdgesTests.swift: slopes with jumps between them."""
    y, x = np.mgrid[:h, :w].astype(np.int64)
    return ((3 * x * x + 5 * y * y + 7 * x * y) // 8 % 256).astype(np.float32) / np.float32(255)


def main():
    print("// Made by Reference/edges.py with scikit-image %s.\n" % skimage.__version__)
    print("/// A size, canny's sigma, low and high, and scikit-image's edges of `edgePattern` as rows of # and a dot.")
    print("let cannyCases: [(size: [Int], sigma: Double, low: Double, high: Double, edges: [String])] = [")
    for h, w in SIZES:
        for sigma, low, high in CANNY:
            found = canny(pattern(h, w).astype(np.float64), sigma=sigma, low_threshold=low, high_threshold=high)
            print("  (\n    [%d, %d], %g, %g, %g,\n    [" % (h, w, sigma, low, high))
            for row in found:
                print('      "%s",' % "".join("#" if v else "." for v in row))
            print("    ]\n  ),")
    print("]\n\n/// A size, and scikit-image's Sobel magnitudes of `edgePattern`.")
    print("let sobelCases: [(size: [Int], magnitudes: [Float])] = [")
    for h, w in SIZES[1:]:
        numbers = ["%.6g" % v for v in sobel(pattern(h, w)).flatten()]
        print("  (\n    [%d, %d],\n    [" % (h, w))
        for k in range(0, len(numbers), 8):
            print("      " + ", ".join(numbers[k:k + 8]) + ",")
        print("    ]\n  ),")
    print("]")


if __name__ == "__main__":
    main()
