"""MATLAB files of version 7.3 for MATVersion73Tests.swift, written to ../Data.

    python mats73.py        # needs numpy and h5py

They have the form and the attributes that MATLAB writes.
"""

import os

import h5py
import numpy as np

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data")


def make(name, fill):
    path = os.path.join(OUT, name)
    with h5py.File(path, "w", userblock_size=512, libver="earliest") as file:
        fill(file)
    with open(path, "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, made by mats73.py".ljust(116) + bytes(8) + b"\x00\x02IM")


def put(group, name, data, kind, **options):
    data = np.asarray(data)
    set_ = group.create_dataset(name, data=data.T, track_times=False, **options)
    set_.attrs["MATLAB_class"] = np.bytes_(kind)
    if kind in ("char", "logical"):
        set_.attrs["MATLAB_int_decode"] = np.int32(data.dtype.itemsize)
    return set_


def text(group, name, words):
    return put(group, name, np.array([[ord(c) for c in word] for word in words], np.uint16), "char")


def empty(group, name, shape, kind):
    set_ = put(group, name, np.array(shape, np.uint64), kind)
    set_.attrs["MATLAB_empty"] = np.uint8(1)
    return set_


def fields(group, names):
    group.attrs["MATLAB_class"] = np.bytes_("struct")
    kind = h5py.special_dtype(vlen=np.dtype("S1"))
    lists = np.empty(len(names), object)
    for i, name in enumerate(names):
        lists[i] = np.array(list(name), "S1")
    group.attrs.create("MATLAB_fields", lists, dtype=kind)


def references(group, name, objects, kind=None):
    """A row of references; MATLAB's 1 x n is HDF5's n x 1."""
    refs = np.empty((len(objects), 1), object)
    for i, one in enumerate(objects):
        refs[i, 0] = one.ref
    set_ = group.create_dataset(name, data=refs, dtype=h5py.ref_dtype, track_times=False)
    if kind:
        set_.attrs["MATLAB_class"] = np.bytes_(kind)
    return set_


def numbers(file):
    for kind in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "single", "double"):
        dtype = {"single": "float32", "double": "float64"}.get(kind, kind)
        put(file, kind, np.array([[1, 2, 3], [4, 5, 100]], dtype), kind)
    cube = np.arange(4 * 5 * 6, dtype=np.int32).reshape(4, 5, 6)
    put(file, "plain", cube, "int32", chunks=(4, 2, 3))
    put(file, "packed", cube, "int32", chunks=(4, 2, 3), compression="gzip", shuffle=True, fletcher32=True)
    put(file, "logical", np.array([[1, 0]], np.uint8), "logical")
    text(file, "word", ["Kööpenhamina"])
    text(file, "words", ["one", "two"])
    empty(file, "nothing", (0, 3), "double")
    empty(file, "no_text", (0, 0), "char")
    put(file, "complex", np.array([[1 + 2j]]), "double")
    put(file, "function", np.array([[1]], np.uint32), "function_handle").attrs["MATLAB_object_decode"] = np.int32(1)
    file.create_dataset("foreign", data=np.arange(3), track_times=False)


def structs(file):
    refs = file.create_group("#refs#")
    one = file.create_group("one")
    fields(one, ["z", "a", "object"])
    put(one, "z", [[1.5]], "double")
    text(one, "a", ["text"])
    put(one, "object", np.array([[1, 2]], np.uint32), "gpuArray").attrs["MATLAB_object_decode"] = np.int32(3)
    many = file.create_group("many")
    fields(many, ["name", "value"])
    names = [text(refs, "n%d" % i, ["n%d" % i]) for i in range(3)]
    values = [put(refs, "v%d" % i, [[float(i)]], "double") for i in range(3)]
    references(many, "name", names)
    references(many, "value", values)
    references(file, "cell", [names[2], values[1]], "cell")
    empty(file, "none", (1, 0), "struct")


make("numbers73.mat", numbers)
make("structs73.mat", structs)
