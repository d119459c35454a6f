"""Writes ../NumPyConstants.swift: results of NumPy that the tests compare with.

Run: /opt/torch/bin/python numpy_constants.py
"""

import os

import numpy as np

f32, f64, i32 = np.float32, np.float64, np.int32
x = (np.arange(24).reshape(2, 3, 4) * 7 % 11 - 5).astype(f32) / 4
m = (np.arange(6).reshape(2, 3) * 5 % 7).astype(i32)
cases = {}


def case(name, value):
    value = np.asarray(value)
    cases[name] = (list(value.shape), [float(v) for v in value.astype(f64).ravel()])


case("x", x)
case("m", m)
# Broadcasting.
case("x + row", x + np.arange(4, dtype=f32))
case("x - column", x - np.arange(3, dtype=f32).reshape(3, 1))
case("x * outer", x * np.arange(2, dtype=f32).reshape(2, 1, 1))
case("x / middle", x / (np.arange(8, dtype=f32).reshape(2, 1, 4) + 1))
case("column + row", np.arange(3, dtype=f32).reshape(3, 1) + np.arange(4, dtype=f32))
case("inner and outer", np.arange(6, dtype=f32).reshape(1, 2, 1, 3) * np.arange(8, dtype=f32).reshape(4, 1, 2, 1))
case("x // 0.5", x // f32(0.5))
case("x % -0.75", x % f32(-0.75))
case("m // -2", m // -2)
case("m % -2", m % -2)
case("maximum", np.maximum(x, f32(0.3)))
# Reductions.
for axis in [None, 0, 1, 2, (0, 2), (0, 1), (1, 2), -1]:
    label = str(axis).replace(" ", "")
    case(f"sum {label}", x.sum(axis=axis))
    case(f"max {label}", x.max(axis=axis))
    case(f"min {label}", x.min(axis=axis))
    case(f"var {label}", x.astype(f64).var(axis=axis))
    case(f"prod {label}", (x + 2).prod(axis=axis))
    case(f"norm {label}", np.sqrt((x.astype(f64) ** 2).sum(axis=axis)))
case("sum keepdims", x.sum(axis=(0, 2), keepdims=True))
case("std ddof", x.astype(f64).std(axis=1, ddof=1))
case("argmax 1", x.argmax(axis=1))
case("argmin all", x.argmin())
case("cumsum 1", x.cumsum(axis=1))
# Products.
a = x.reshape(2, 3, 4)
b = (np.arange(40).reshape(2, 4, 5) * 3 % 7 - 2).astype(f32)
case("matmul batch", a @ b)
case("matmul batch matrix", a @ b[0])
case("matmul matrix batch", a[0] @ b)
case("matmul vector batch", a[0, 0] @ b)
case("matmul batch vector", a @ b[0, :, 0])
case("matmul dot", a[0, 0] @ a[1, 1])
case("matmul broadcast", a.reshape(2, 1, 3, 4) @ b.reshape(1, 2, 4, 5))
case("matmul integers", m @ m.T)
# Indexing.
case("x[1]", x[1])
case("x[:, -1]", x[:, -1])
case("x[..., 1:3]", x[..., 1:3])
case("x[:, 1:, :-1]", x[:, 1:, :-1])
case("x[[1, 0, 1]]", x[[1, 0, 1]])
case("x[:, [2, 0]]", x[:, [2, 0]])
case("x[0, :, [1, 2]]", x[0, :, [1, 2]])
case("x[[0, 1], :, [1, 2]]", x[[0, 1], :, [1, 2]])
case("x[:, [[0], [2]], [1, 3]]", x[:, [[0], [2]], [1, 3]])
case("x[x > 0]", x[x > 0])
case("x[:, mask]", x[:, x[0] > 0])
y = x.copy()
y[:, 1] = 9
y[0, :, [0, 3]] = [[1, 2, 3], [4, 5, 6]]
case("assigned", y)
# Shapes and order.
case("transpose", x.transpose(2, 0, 1))
case("flip", np.flip(x, (0, 2)))
case("pad", np.pad(m, ((1, 0), (2, 1)), constant_values=7))
case("sort 1", np.sort(x, axis=1))
case("argsort 2", np.argsort(x, axis=2, kind="stable"))
h, e = np.histogram(x, bins=5)
case("histogram", h)
case("edges", e)
case("bincount", np.bincount(m.ravel(), minlength=9))
case("linspace", np.linspace(-1, 2, 7))
case("arange", np.arange(1, 2.05, 0.25))

with open(os.path.join(os.path.dirname(__file__), "..", "NumPyConstants.swift"), "w") as out:
    out.write("// Written by Reference/numpy_constants.py; not to be edited.\n\n")
    out.write("/// Results of NumPy: name, shape, elements.\n")
    out.write("let numPyConstants: [String: (shape: [Int], elements: [Double])] = [\n")
    for name, (shape, elements) in cases.items():
        out.write(f'  "{name}": (\n    {shape},\n    [\n')
        for i in range(0, len(elements), 6):
            out.write("      " + ", ".join(repr(v) for v in elements[i : i + 6]) + ",\n")
        out.write("    ]\n  ),\n" if elements else "    ]\n  ),\n")
    out.write("]\n")
