#!/usr/bin/env bash
# safetensors 0.8.0, NumPy 2.4.6: safetensors.numpy.save and save_file write the bytes that begin at an array's
# first element, as many as a row-major array of its shape has, and ignore its strides. An array in Fortran order,
# a transposed one or every second element becomes a file with other numbers in it. There is neither an error nor a
# warning, and such a file cannot be told from a right one. (The documentation says that arrays "need to be contiguous
# and dense"; safetensors.torch refuses such tensors with an error.)
#
# Expected: an error, as safetensors.torch gives, or the numbers of the array.
# What to do: np.ascontiguousarray(x) before it is saved.
#
# Observed on 2026-11-29:
#   fortran     [[0, 1, 2], [3, 4, 5]] became [[0, 3, 1], [4, 2, 5]]
#   transposed  [[0, 3], [1, 4], [2, 5]] became [[0, 1], [2, 3], [4, 5]]
#   every 2nd   [0, 2, 4] became [0, 1, 2]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install safetensors==0.8.0 numpy==2.4.6
"$work/venv/bin/python" - <<'END'
import numpy as np
from safetensors.numpy import load, save

rows = np.arange(6, dtype=np.float32).reshape(2, 3)
cases = {
    "fortran": (np.asfortranarray(rows), [0, 3, 1, 4, 2, 5]),
    "transposed": (rows.T, [0, 1, 2, 3, 4, 5]),
    "every 2nd": (np.arange(6, dtype=np.float32)[::2], [0, 1, 2]),
}
for name, (array, wrong) in cases.items():
    back = load(save({"x": array}))["x"]
    print(f"{name:11} {array.tolist()} became {back.tolist()}")
    assert back.flatten().tolist() == wrong, "it is written differently now"
    right = load(save({"x": np.ascontiguousarray(array)}))["x"]
    assert np.array_equal(right, array), "np.ascontiguousarray does not help any more"
print("as observed")
END
