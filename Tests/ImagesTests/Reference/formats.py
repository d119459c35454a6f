"""Small WebP, GIF, BMP and TIFF files for FormatTests.swift, and what Pillow makes of them.

    python formats.py        writes ../Data/format-*, prints the table of the test

Pixels are planes [c, h, w]; what is transparent lies on white, (v a + 255 (255 - a) + 127) // 255. Sums are Adler-32, of
16 bits a sample in big-endian order.
"""

import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")
W, H = 21, 13
y, x = np.mgrid[0:H, 0:W]
rgb = np.stack([x * 12, y * 19, (x * y) % 256], -1).astype(np.uint8)
grey = ((x * 7 + y * 11) % 256).astype(np.uint8)
alpha = ((x * 37 + y * 5) % 256).astype(np.uint8)
rgba = np.dstack([rgb, alpha])
grey16 = (x * 3001 + y * 17).astype(np.uint16)
image = Image.fromarray(rgb)
over = Image.fromarray(rgba)
palette = image.quantize(16)
made = {}


def save(name, picture, **options):
    path = os.path.join(DATA, "format-" + name)
    picture.save(path, **options)
    made[name] = path


def put(name, data):
    made[name] = os.path.join(DATA, "format-" + name)
    open(made[name], "wb").write(data)


save("lossy.webp", image, quality=80)
save("lossless.webp", image, lossless=True)
save("alpha.webp", over, lossless=True, exact=True)
save("lossy-alpha.webp", over, quality=70)
save("frames.webp", image, save_all=True, append_images=[ImageOps.invert(image)], lossless=True)
exif = Image.Exif()
exif[0x0112] = 6
save("turned.webp", image, lossless=True, exif=exif)

save("plain.gif", palette)
save("grey.gif", Image.fromarray(grey))
save("interlaced.gif", palette, interlace=1)
save("transparent.gif", palette, transparency=3)
save("frames.gif", palette, save_all=True, append_images=[image.rotate(180).quantize(8)])

save("24.bmp", image)
save("8.bmp", palette)
save("grey.bmp", Image.fromarray(grey))
save("1.bmp", Image.fromarray(grey > 128))
save("32.bmp", over)
head = struct.pack("<IiiHHIIIIII", 40, W, -H, 1, 32, 0, 0, 0, 0, 0, 0)
put("top-down.bmp", b"BM" + struct.pack("<IHHI", 0, 0, 0, 54) + head + np.dstack([rgb[..., ::-1], alpha]).tobytes())
runs = b"".join(b"".join(bytes([1, int(v)]) for v in row) + b"\0\0" for row in (grey[::-1] % 4)) + b"\0\1"
colours = bytes([0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 9, 8, 7, 0])
head = struct.pack("<IiiHHIIIIII", 40, W, H, 1, 8, 1, len(runs), 0, 0, 4, 0)
put("runs.bmp", b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 16) + head + colours + runs)
masks = struct.pack("<III", 0xF800, 0x07E0, 0x1F)
head = struct.pack("<IiiHHIIIIII", 40, W, H, 1, 16, 3, 0, 0, 0, 0, 0)
five = (rgb[..., 0] // 8).astype(np.uint16) << 11 | (rgb[..., 1] // 4).astype(np.uint16) << 5 | rgb[..., 2] // 8
rows = np.pad(five.astype("<u2"), ((0, 0), (0, W % 2)))[::-1]
put("565.bmp", b"BM" + struct.pack("<IHHI", 0, 0, 0, 66) + head + masks + rows.tobytes())

save("rgb.tif", image, compression="tiff_lzw")
save("deflated.tiff", image, compression="tiff_adobe_deflate")
save("grey.tif", Image.fromarray(grey))
save("16.tif", Image.fromarray(grey16))
save("alpha.tif", over)
save("palette.tif", palette, compression="packbits")
save("1.tif", Image.fromarray(grey > 128), compression="group4")
save("pages.tif", image, save_all=True, append_images=[ImageOps.invert(image)])
save("turned.tif", image, tiffinfo={274: 8})

for name, path in made.items():
    picture = Image.open(path)
    picture = ImageOps.exif_transpose(picture)
    if picture.mode == "P" or (picture.mode == "L" and name.endswith("gif")):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    if picture.mode == "1":
        picture = picture.convert("L" if name.endswith("tif") else "RGB")
    if picture.mode == "L" and name.endswith("bmp"):
        picture = picture.convert("RGB")
    pixels = np.asarray(picture)
    if picture.mode == "RGBA":
        a = pixels[..., 3:].astype(int)
        pixels = ((pixels[..., :3] * a + 255 * (255 - a) + 127) // 255).astype(np.uint8)
    planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    data = planes.astype(">u2") if planes.dtype.itemsize > 1 else planes
    print('    ("%s", %s, %d),' % (name, list(planes.shape), zlib.adler32(np.ascontiguousarray(data).tobytes())))
