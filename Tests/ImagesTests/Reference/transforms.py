"""Constants for TransformTests.swift: Pillow (resizing, JPEG), OpenCV (area), SciPy (blur, thin plate
spline), colorsys (hue).

    pip install pillow opencv-python-headless scipy numpy
    python transforms.py > ../TransformConstants.swift
"""

import colorsys
import io

import cv2
import numpy as np
import PIL
import scipy
from PIL import Image
from scipy.interpolate import RBFInterpolator
from scipy.ndimage import gaussian_filter, map_coordinates


def pattern(h, w):
    """The same numbers as `pattern` in TransformTests.swift, 0..255."""
    i = np.arange(h * w, dtype=np.int64)
    return ((i * 7919 + i * i % 31 * 613) % 256).astype(np.float32).reshape(h, w)


def smooth(h, w):
    """The same as `smooth` in TransformTests.swift: what a photograph is like, bytes."""
    y, x = np.mgrid[0:h, 0:w].astype(np.int64)
    return np.stack([(x * 5 + y * 3) % 200, (x * x + 7 * y) // 8 % 220, 255 - (x + y) * 2], axis=2).astype(np.uint8)


def swift(name, about, numbers, kind="Float"):
    print("\n/// %s" % about)
    print("let %s: [%s] = [" % (name, kind))
    texts = ["%.7g" % v for v in np.asarray(numbers, dtype=np.float64).flatten()]
    for k in range(0, len(texts), 10):
        print("  " + ", ".join(texts[k:k + 10]) + ",")
    print("]")


def main():
    print("// Made by Reference/transforms.py with Pillow %s, OpenCV %s, SciPy %s." % (PIL.__version__, cv2.__version__, scipy.__version__))
    image = Image.fromarray(pattern(13, 17) / 255)
    filters = {"bicubic": Image.BICUBIC, "bilinear": Image.BILINEAR, "nearest": Image.NEAREST}
    for name, filter in filters.items():
        for h, w in ((5, 7), (20, 31)):
            swift("pillow%s%dx%d" % (name.capitalize(), h, w), "13 x 17 to %d x %d by Pillow's %s." % (h, w, name), np.asarray(image.resize((w, h), filter)))
    swift("openCVArea5x7", "13 x 17 to 5 x 7 by OpenCV's INTER_AREA.", cv2.resize(pattern(13, 17) / 255, (7, 5), interpolation=cv2.INTER_AREA))
    swift("pillowBox4x6", "12 x 18 to 4 x 6 by Pillow's box.", np.asarray(Image.fromarray(pattern(12, 18) / 255).resize((6, 4), Image.BOX)))
    bytes_ = Image.fromarray(smooth(40, 50)).resize((23, 19), Image.BICUBIC)
    swift("pillowBytes19x23", "`smooth` 40 x 50 to 19 x 23 by Pillow's bicubic of bytes, [3, 19, 23].", np.asarray(bytes_).transpose(2, 0, 1))
    swift("scipyBlur", "13 x 17 blurred by SciPy, sigma 1.7.", gaussian_filter(pattern(13, 17).astype(np.float64) / 255, 1.7, mode="nearest"))

    # The spline: 4 x 4 points on 24 x 20 pixels, moved by numbers that are easily made again.
    grid, w, h = 4, 24, 20
    xs = [(2 * i + 1) * w // (2 * grid) for i in range(grid)]
    ys = [(2 * i + 1) * h // (2 * grid) for i in range(grid)]
    points = np.array([[x, y] for y in ys for x in xs], dtype=np.float64)
    i = np.arange(grid * grid)
    shifts = np.stack([(i * 37 % 11 - 5) * 0.6, (i * 53 % 13 - 6) * 0.5], axis=1)
    spline = RBFInterpolator(points, shifts, kernel="thin_plate_spline", degree=1)
    v, u = np.mgrid[0:h, 0:w] + 0.5
    field = spline(np.stack([u.flatten(), v.flatten()], axis=1)).reshape(h, w, 2)
    swift("scipySplineX", "How far SciPy's spline moves each pixel of 24 x 20 along x.", field[:, :, 0])
    swift("scipySplineY", "And along y.", field[:, :, 1])
    warped = map_coordinates(pattern(h, w).astype(np.float64) / 255, [v - 0.5 + field[:, :, 1], u - 0.5 + field[:, :, 0]], order=1, mode="nearest")
    swift("scipyWarp", "`pattern` 20 x 24 looked up there by SciPy.", warped)

    file = io.BytesIO()
    Image.fromarray(smooth(32, 40)).save(file, "jpeg", quality=30)
    swift("pillowJPEG", "`smooth` 32 x 40 through Pillow's JPEG of quality 30, [3, 32, 40].", np.asarray(Image.open(file)).transpose(2, 0, 1), "Int")

    # torchvision's functions of these names, on one row of `smooth`.
    rgb = smooth(4, 10).astype(np.float64) / 255
    grey = rgb @ [0.299, 0.587, 0.114]
    x = np.clip(rgb * 1.3, 0, 1)
    x = np.clip((x @ [0.299, 0.587, 0.114]).mean() + 0.6 * (x - (x @ [0.299, 0.587, 0.114]).mean()), 0, 1)
    g = (x @ [0.299, 0.587, 0.114])[:, :, None]
    x = np.clip(g + 1.5 * (x - g), 0, 1)
    for p in x.reshape(-1, 3):
        a, s, b = colorsys.rgb_to_hsv(*p)
        p[:] = colorsys.hsv_to_rgb((a + 0.1) % 1, s, b)
    swift("jittered", "`smooth` 4 x 10, brightness 1.3, contrast 0.6, saturation 1.5, hue 0.1, [3, 4, 10].", x.transpose(2, 0, 1))


main()
