"""Annotations in the forms of Stanford Cars for CarsTests.swift, written to ../Data.

    python cars.py        # needs scipy
"""

import os

import numpy as np
from scipy import io

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")
CLASSES = ["AM General Hummer SUV 2000", "Ram C/V Cargo Van Minivan 2012", "smart fortwo Convertible 2012"]


def save(name, variables, packed=True):
    path = os.path.join(OUT, name)
    io.savemat(path, variables, do_compression=packed)
    # scipy writes the date into the header; a fixed text makes the files the same each time.
    with open(path, "r+b") as file:
        file.write(b"MATLAB 5.0 MAT-file, made by cars.py".ljust(116))


def table(fields, rows):
    result = np.zeros((1, len(rows)), dtype=[(field, object) for field in fields])
    for i, row in enumerate(rows):
        # MATLAB keeps each number in the least type that holds it, the file of the authors did.
        result[0, i] = tuple(v if isinstance(v, str) else np.array([[v]], np.uint8 if v < 256 else np.uint16) for v in row)
    return result


names = np.empty((1, len(CLASSES)), object)
names[0, :] = CLASSES
EDGES = ["bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2"]
boxes = [(1, 1, 3, 2), (2, 1, 3, 2), (1, 2, 2, 2), (1, 1, 1, 1), (2, 2, 3, 2), (1, 1, 3, 1)]
labels = [1, 3, 2, 2, 1, 3]
annos = {"annotations": table(
    ["relative_im_path"] + EDGES + ["class", "test"],
    [("car_ims/%06d.png" % (i + 1),) + box + (labels[i], i % 2) for i, box in enumerate(boxes)]), "class_names": names}
save("cars_annos.mat", annos)
# Damage to what packed bytes hold is hardly ever read, since their checksum is compared first.
save("cars_annos-plain.mat", annos, packed=False)
save("cars_meta.mat", {"class_names": names})
# The devkit has the corners in another order, and the file's name last.
order = ["bbox_x1", "bbox_x2", "bbox_y1", "bbox_y2"]
for part, ids, labelled in (("train", (0, 1, 2, 3), True), ("test", (4, 5), False), ("test", (4, 5), True)):
    rows = [(boxes[i][0], boxes[i][2], boxes[i][1], boxes[i][3]) + ((labels[i],) if labelled else ()) + ("%05d.png" % (k + 1),)
            for k, i in enumerate(ids)]
    name = "cars_%s_annos%s.mat" % (part, "_withlabels" if part == "test" and labelled else "")
    save(name, {"annotations": table(order + (["class"] if labelled else []) + ["fname"], rows)})
bad = table(["relative_im_path"] + EDGES + ["class", "test"], [("car_ims/000001.png", 1, 1, 3, 2, 4, 0)])
save("cars-class-out-of-range.mat", {"annotations": bad, "class_names": names})
bad = table(["relative_im_path"] + EDGES + ["class", "test"], [("car_ims/000001.png", 1, 1, 3, 2, 2, 2)])
save("cars-split-out-of-range.mat", {"annotations": bad, "class_names": names})
bad[0, 0]["class"] = np.array([[np.nan]])
save("cars-class-nan.mat", {"annotations": bad, "class_names": names})
