"""Checksums for PhotoTests.swift: Pillow's pixels of real photographs, as planes [c, h, w].

    python photos.py FOLDER      # .../bsds500/images/test
"""

import os
import sys
import zlib

import numpy as np
from PIL import Image

for name in sorted(n for n in os.listdir(sys.argv[1]) if n.endswith(".jpg"))[:12]:
    pixels = np.asarray(Image.open(os.path.join(sys.argv[1], name)).convert("RGB")).transpose(2, 0, 1)
    print('    "%s": %d,' % (name, zlib.adler32(np.ascontiguousarray(pixels).tobytes())))
