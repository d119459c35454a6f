"""Zip archives for ZipTests.swift, written to ../Data.

    python zips.py        # needs numpy
"""

import os

import numpy as np

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")
arrays = {"x": np.arange(1000, dtype=np.int32), "y": np.arange(6, dtype=np.float64).reshape(2, 3)}
np.savez(os.path.join(OUT, "stored.npz"), **arrays)
np.savez_compressed(os.path.join(OUT, "packed.npz"), **arrays)
