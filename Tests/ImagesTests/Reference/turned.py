"""Checksums for ReadTests.swift: Pillow's pixels, as planes [c, h, w], of images turned by EXIF and of scaled decoding.

    python turned.py
"""

import io
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")


def tiff(code, big):
    e = ">" if big else "<"
    return (b"MM\0*" if big else b"II*\0") + struct.pack(e + "IHHHIHHI", 8, 1, 0x0112, 3, 1, code, 0, 0)


def with_exif(data, code, big):
    if data[:2] == b"\xff\xd8":
        body = b"Exif\0\0" + tiff(code, big)
        return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]
    chunk = b"eXIf" + tiff(code, big)
    return data[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]


def checksum(image):
    pixels = np.asarray(image)
    pixels = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return "[%d, %d]: %d" % (image.size[1], image.size[0], zlib.adler32(np.ascontiguousarray(pixels).tobytes()))


for name in ("jpeg-420.jpg", "rgb8.png"):
    data = open(os.path.join(DATA, name), "rb").read()
    for code in range(1, 9):
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(with_exif(data, code, code % 2 == 0))))
        size, value = checksum(image).split(": ")
        print('    Case("%s", %d, %s, %s),' % (name, code, size, value))
for name in ("jpeg-420.jpg", "jpeg-422.jpg", "jpeg-444.jpg", "jpeg-grey.jpg", "jpeg-progressive.jpg"):
    for divisor in (2, 4, 8):
        image = Image.open(os.path.join(DATA, name))
        image.draft(None, (image.size[0] // divisor, image.size[1] // divisor))
        image.load()
        size, value = checksum(image).split(": ")
        print('    Case("%s", %d, %s, %s),' % (name, divisor, size, value))
