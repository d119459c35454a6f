"""The gzipped IDX file in IDXTests.swift: uint8 [2, 2, 3], 0 to 11.

    python idx.py
"""

import gzip

data = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3]) + bytes(range(12))
print(list(gzip.compress(data, mtime=0)))
