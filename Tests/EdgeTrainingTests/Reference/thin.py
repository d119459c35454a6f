"""Constants for BoundaryScoreTests.swift: scikit-image's thin.

    pip install scikit-image
    python thin.py > ../ThinConstants.swift
"""

import numpy as np
import skimage
from skimage.morphology import thin

y, x = np.mgrid[:24, :31].astype(np.int64)
print("// Made by Reference/thin.py with scikit-image %s.\n" % skimage.__version__)
print("/// Where the pattern of BoundaryScoreTests is above 102, thinned by scikit-image.")
print("let thinned: [String] = [")
for row in thin((3 * x * x + 5 * y * y + 7 * x * y) // 8 % 256 > 102):
    print('  "%s",' % "".join("#" if v else "." for v in row))
print("]")
