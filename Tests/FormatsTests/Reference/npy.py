"""Prints what NPYTests.swift holds: the header and data of files as NumPy writes them."""
import io

import numpy

arrays = {
    "float32": numpy.array([[1.5, -2, 0], [3, 4, numpy.inf]], numpy.float32),
    "int64": numpy.array([1, -2, 2147483647], numpy.int64),
    "float16": numpy.array([0.5, -65504, 6e-8, numpy.inf], numpy.float16),
    "bool": numpy.array(True),
    "uint16": numpy.array([65535], numpy.uint16),
}
for name, array in arrays.items():
    file = io.BytesIO()
    numpy.save(file, array)
    data = file.getvalue()
    length = int.from_bytes(data[8:10], "little")
    print(name, data[:10].hex(), data[10 : 10 + length].rstrip(), data[10 + length :].hex(), len(data))
