"""Files and pixels for DecodeTests.swift, written to ../Data: NAME.png or NAME.jpg and NAME.raw.

    python files.py

A .raw is text `dtype c h w\n`, then the planes [c, h, w]. PNGs of every colour type, depth and interlacing are written by the
function below, since Pillow writes few of them; what is expected comes from Pillow, or, where Pillow drops to 8 bits, from NumPy.
"""

import io
import os
import struct
import zlib

import numpy as np
from PIL import Image

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")
H, W = 11, 13
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def packed(rows, depth):
    """Scan lines with filter 0: rows is [h, w, channels] of whole numbers."""
    lines = []
    for row in rows:
        if depth == 16:
            data = row.astype(">u2").tobytes()
        elif depth == 8:
            data = row.astype(np.uint8).tobytes()
        else:
            bits = "".join(format(int(v), "0%db" % depth) for v in row.flatten())
            bits += "0" * (-len(bits) % 8)
            data = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        lines.append(b"\0" + data)
    return b"".join(lines)


def png(samples, kind, depth, interlaced=False, palette=None, transparent=None):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    h, w = samples.shape[:2]
    parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, kind, 0, 0, int(interlaced)))]
    if palette is not None:
        parts.append(chunk(b"PLTE", palette.astype(np.uint8).tobytes()))
    if transparent is not None:
        parts.append(chunk(b"tRNS", transparent))
    if interlaced:
        pieces = [samples[y::dy, x::dx] for x, y, dx, dy in PASSES]
        data = b"".join(packed(p, depth) for p in pieces if p.size)
    else:
        data = packed(samples, depth)
    return b"".join(parts + [chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")])


def over_white(colour, alpha, top):
    """colour [h, w, c] and alpha [h, w, 1] of whole numbers up to top, laid over white."""
    value = colour.astype(np.float64) * alpha + top * (top - alpha.astype(np.float64))
    return np.floor(value / top + 0.5).astype(np.uint8) if top == 255 else (value / top / top).astype(np.float32)


def save(name, data, pixels):
    planes = np.ascontiguousarray(pixels.reshape(pixels.shape[0], pixels.shape[1], -1).transpose(2, 0, 1))
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(data)
    with open(os.path.join(OUT, os.path.splitext(name)[0] + ".raw"), "wb") as file:
        file.write(("%s %d %d %d\n" % ((planes.dtype.name,) + planes.shape)).encode() + planes.tobytes())


def ycck(inks):
    """A JPEG of CMYK inks whose first three planes are kept as luma and chroma, which Pillow reads and does not write: the planes are
    converted here, saved as if they were inks, and Adobe's marker then says what they are (transform 2)."""
    c, m, y, k = np.asarray(inks).astype(np.float64).transpose(2, 0, 1)
    luma = 0.299 * c + 0.587 * m + 0.114 * y
    # Pillow inverts what it saves, as Adobe's programs do; libjpeg inverts the three inks once more when it makes them of luma and chroma.
    planes = [255 - luma, 255 - (128 + (y - luma) / 1.772), 255 - (128 + (c - luma) / 1.402), k]
    file = io.BytesIO()
    Image.fromarray(np.dstack(planes).round().clip(0, 255).astype(np.uint8), "CMYK").save(file, "JPEG", quality=90, subsampling=0)
    data = bytearray(file.getvalue())
    at = data.index(b"Adobe\0") + 11
    assert data[at] == 0
    data[at] = 2
    return bytes(data)


def main():
    os.makedirs(OUT, exist_ok=True)
    rng = np.random.default_rng(1)
    for lace in (False, True):
        end = "-interlaced.png" if lace else ".png"
        for depth in (1, 2, 4, 8):
            data = png(rng.integers(0, 1 << depth, (H, W, 1)), 0, depth, lace)
            save("grey%d%s" % (depth, end), data, np.asarray(Image.open(io.BytesIO(data)).convert("L")))
            data = png(rng.integers(0, 1 << depth, (H, W, 1)), 3, depth, lace, palette=rng.integers(0, 256, (1 << depth, 3)))
            save("palette%d%s" % (depth, end), data, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
        data = png(rng.integers(0, 256, (H, W, 3)), 2, 8, lace)
        save("rgb8%s" % end, data, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
        for channels, kind, name in ((1, 0, "grey16"), (3, 2, "rgb16")):
            x = rng.integers(0, 65536, (H, W, channels))
            save(name + end, png(x, kind, 16, lace), (x.astype(np.float32) / np.float32(65535)))
        for channels, kind, name in ((2, 4, "greyalpha"), (4, 6, "rgba")):
            x = rng.integers(0, 256, (H, W, channels))
            save(name + "8" + end, png(x, kind, 8, lace), over_white(x[..., :-1], x[..., -1:], 255))
            x = rng.integers(0, 65536, (H, W, channels))
            save(name + "16" + end, png(x, kind, 16, lace), over_white(x[..., :-1], x[..., -1:], 65535))
        data = png(rng.integers(0, 16, (H, W, 1)), 3, 4, lace, palette=rng.integers(0, 256, (16, 3)), transparent=bytes(range(0, 250, 25)))
        x = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")).astype(np.int64)
        save("palettealpha4%s" % end, data, over_white(x[..., :-1], x[..., -1:], 255))
    y, x = np.mgrid[0:45, 0:51]
    photo = np.stack([x * 5, y * 5, (x + y) * 2 + rng.integers(0, 40, x.shape)], 2).clip(0, 255).astype(np.uint8)
    grey = Image.fromarray(photo[..., 2])
    colour = Image.fromarray(photo)
    inks = Image.fromarray(np.dstack([photo, photo[..., ::-1, 0]]), "CMYK")
    for name, image, options in (
            ("jpeg-grey", grey, dict(quality=80)), ("jpeg-444", colour, dict(quality=90, subsampling=0)),
            ("jpeg-422", colour, dict(quality=85, subsampling=1)), ("jpeg-420", colour, dict(quality=75, subsampling=2)),
            ("jpeg-progressive", colour, dict(quality=75, progressive=True)), ("jpeg-restarts", colour, dict(quality=60, restart_marker_blocks=2)),
            ("jpeg-cmyk", inks, dict(quality=90))):
        file = io.BytesIO()
        image.save(file, "JPEG", **options)
        back = Image.open(io.BytesIO(file.getvalue()))
        save(name + ".jpg", file.getvalue(), np.asarray(back.convert("L" if name == "jpeg-grey" else "RGB")))
    data = ycck(inks)
    back = Image.open(io.BytesIO(data))
    assert back.mode == "CMYK" and np.abs(np.asarray(back).astype(int) - np.asarray(inks)).mean() < 3
    save("jpeg-ycck.jpg", data, np.asarray(back.convert("RGB")))


main()
