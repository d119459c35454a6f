"""Stand-ins for data sets at their full size, to measure how long it takes to open them: the lists of CUB-200-2011 and Stanford Cars with
as many lines as the real ones, and tiny JPEGs.

    python standins.py FOLDER

makes FOLDER/cub (11,788 images, 15 parts each), FOLDER/cars (16,185 annotations in cars_annos.mat) and FOLDER/folder (200,000 files of 200
classes). Needs Pillow, NumPy and SciPy. Each is opened by, for instance, limbeck -e 'print clock(() -> cub("FOLDER/cub"))'.
"""

import io
import os
import sys

import numpy as np
import scipy.io
from PIL import Image


def jpeg():
    y, x = np.mgrid[0:24, 0:32]
    file = io.BytesIO()
    Image.fromarray(np.stack([x * 8, y * 10, x + y], 2).astype(np.uint8)).save(file, "JPEG")
    return file.getvalue()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def cub(root, image, count=11788):
    names = ["%03d.Species_%d/Species_%d_%05d.jpg" % (i * 200 // count + 1, i * 200 // count + 1, i * 200 // count + 1, i) for i in range(count)]
    lists = {"images.txt": names, "image_class_labels.txt": [str(i * 200 // count + 1) for i in range(count)],
             "train_test_split.txt": [str(i % 2) for i in range(count)], "bounding_boxes.txt": ["3.0 2.0 20.0 19.0"] * count}
    for name, texts in lists.items():
        write("%s/%s" % (root, name), "".join("%d %s\n" % (i + 1, text) for i, text in enumerate(texts)))
    write(root + "/classes.txt", "".join("%d %03d.Species_%d\n" % (i, i, i) for i in range(1, 201)))
    write(root + "/parts/parts.txt", "".join("%d part %d\n" % (i, i) for i in range(1, 16)))
    places = ("%d %d %.1f %.1f %d\n" % (i, part, part + 5, part + 3, (i + part) % 4 > 0) for i in range(1, count + 1) for part in range(1, 16))
    write(root + "/parts/part_locs.txt", "".join(places))
    for name in names:
        write("%s/images/%s" % (root, name), image)


def cars(root, image, count=16185):
    fields = ["relative_im_path", "bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "test"]
    annotations = np.zeros((1, count), dtype=[(field, object) for field in fields])
    for i in range(count):
        path = "car_ims/%06d.jpg" % (i + 1)
        annotations[0, i] = (path, np.uint8(3), np.uint8(2), np.uint8(28), np.uint8(20), np.uint8(i % 196 + 1), np.uint8(i % 2))
        write("%s/%s" % (root, path), image)
    names = np.array([["Maker Model %d 2012" % i for i in range(196)]], dtype=object)
    scipy.io.savemat(root + "/cars_annos.mat", {"annotations": annotations, "class_names": names}, do_compression=True)


def main():
    root, image = sys.argv[1], jpeg()
    cub(root + "/cub", image)
    cars(root + "/cars", image)
    for i in range(200000):
        write("%s/folder/class %03d/%06d.jpg" % (root, i % 200, i), image)


main()
