"""Reads the MATLAB files that come with SciPy, damaged ones included, with SciPy and with Limbeck, and compares.

    python scipy_files.py LIMBECK        # needs scipy, in whose wheel the files are

What both refuse, and values that Limbeck leaves out with a note (objects, functions, sparse and complex matrices), count
as equal. Of version 7.3, which SciPy refuses, the file is read.
"""

import glob
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import scipy.io as sio
from scipy import sparse

warnings.simplefilter("ignore")
LEFT_OUT = object()


def plain(value):
    """A value of SciPy's as Limbeck writes it as JSON."""
    if sparse.issparse(value) or type(value).__name__ in ("MatlabFunction", "MatlabObject", "MatlabOpaque"):
        return LEFT_OUT
    value = np.asarray(value)
    if value.dtype.names or value.dtype == object and value.dtype.hasobject and value.dtype.fields:
        maps = []
        for one in value.flatten(order="C"):
            fields = {name: plain(one[name]) for name in value.dtype.names}
            maps.append({name: field for name, field in fields.items() if field is not LEFT_OUT})
        return maps[0] if len(maps) == 1 else nested(maps, value.shape)
    if value.dtype == object and all(one is None for one in value.flat):
        return nested([{} for _ in value.flat], value.shape) if value.size != 1 else {}
    if value.dtype == object:
        items = [plain(one) for one in value.flatten(order="C")]
        return nested([None if one is LEFT_OUT else one for one in items], value.shape)
    if value.dtype.kind == "U":
        return "\n".join(value.ravel().tolist())
    if value.dtype.kind == "c":
        return LEFT_OUT
    return value.item() if value.size == 1 else value.tolist()


def nested(items, shape):
    if not items:
        return []
    sides = [n for n in shape if n != 1]
    for n in reversed(sides[1:]):
        items = [items[i:i + n] for i in range(0, len(items), n)]
    return items


def same(a, b):
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str) and isinstance(b, str):
        # SciPy keeps the end of each row of a matrix of characters without its spaces.
        return [row.rstrip() for row in a.split("\n")] == [row.rstrip() for row in b.split("\n")]
    # An empty matrix without a class is nil.
    return a == b or a == [] and b is None


def read_all(limbeck, paths, out):
    code = "".join(
        "try { write(read(%s), %s) } catch e { write(e.message, %s) }\n" % tuple(map(json.dumps, (
            path, os.path.join(out, "%d.json" % i), os.path.join(out, "%d.txt" % i)))) for i, path in enumerate(paths))
    script = os.path.join(out, "all.lbk")
    with open(script, "w") as file:
        file.write(code)
    done = subprocess.run([limbeck, "run", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


paths = sorted(glob.glob(os.path.join(os.path.dirname(sio.__file__), "matlab/tests/data/*.mat")))
wrong = 0
with tempfile.TemporaryDirectory() as out:
    read_all(os.path.abspath(sys.argv[1]), paths, out)
    for i, path in enumerate(paths):
        try:
            content = sio.loadmat(path)
            want = {name: plain(value) for name, value in content.items() if not name.startswith("__")}
            want = {name: value for name, value in want.items() if value is not LEFT_OUT}
        except NotImplementedError:
            want = "7.3"
        except Exception as error:
            want = "refused: %s" % error
        got = os.path.join(out, "%d.json" % i)
        if os.path.exists(got):
            with open(got) as file:
                got = json.load(file)
        else:
            with open(os.path.join(out, "%d.txt" % i)) as file:
                got = "refused: " + file.read()
        fine = (
            isinstance(got, dict) if want == "7.3" else
            isinstance(got, str) if isinstance(want, str) else
            want == {} and isinstance(got, str) and "which is not read" in got or same(want, got))
        if not fine:
            wrong += 1
            print("%s:\n  SciPy   %s\n  Limbeck %s" % (os.path.basename(path), str(want)[:600], str(got)[:600]))
print("%d files, %d of them differ" % (len(paths), wrong))
assert len(paths) >= 100 and wrong == 0
