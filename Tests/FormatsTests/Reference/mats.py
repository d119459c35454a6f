"""MATLAB files for MATFileTests.swift, written to ../Data.

    python mats.py        # needs scipy
"""

import os

import numpy as np
from scipy import io, sparse

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")


def save(name, variables, packed):
    # scipy writes the date into the header; a fixed text makes the files the same each time.
    path = os.path.join(OUT, name)
    io.savemat(path, variables, do_compression=packed, oned_as="row")
    with open(path, "r+b") as file:
        file.write(b"MATLAB 5.0 MAT-file, made by mats.py".ljust(116))


numbers = {kind: np.array([[1, 2, 3], [4, 5, 100]], kind) for kind in (
    "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")}
numbers["negative"] = np.array([[-1.5, np.inf]])
numbers["logical"] = np.array([[True, False]])
numbers["complex"] = np.array([[1 + 2j, 3 - 4j]])
numbers["nothing"] = np.zeros((0, 3))
numbers["cube"] = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
numbers["word"] = "Kööpenhamina"
numbers["words"] = np.array(["one", "two"])
numbers["sparse"] = sparse.csc_matrix(np.eye(3))
for packed in (False, True):
    save("numbers%s.mat" % ("-packed" if packed else ""), numbers, packed)

# As BSDS500's: a cell of structs, one for each annotator.
truth = np.empty((1, 3), object)
for i in range(3):
    one = np.empty((1, 1), [("Segmentation", object), ("Boundaries", object)])
    one[0, 0] = ((np.arange(20).reshape(4, 5) // (i + 2)).astype(np.uint16), (np.arange(20).reshape(4, 5) % (i + 2) == 0).astype(np.uint8))
    truth[0, i] = one
save("truth.mat", {"groundTruth": truth}, True)
