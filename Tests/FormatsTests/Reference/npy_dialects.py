"""Headers for NPYDialectTests.swift that numpy.load reads, with what it gives: prints the table of the test.

    python npy_dialects.py
"""

import io
import struct

import numpy as np

cases = [
    ("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", ">f4", [0.5, -2]),
    ("{'descr': '>f8', 'fortran_order': False, 'shape': (2,)}", ">f8", [0.5, -2]),
    ("{'descr': '>f2', 'fortran_order': False, 'shape': (2,), }", ">f2", [0.5, -2]),
    ("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", ">i2", [300, -2]),
    ("{'descr': '>u2', 'fortran_order': False, 'shape': (2,), }", ">u2", [300, 65535]),
    ("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", ">i4", [70000, -2]),
    ("{'descr': '>u4', 'fortran_order': False, 'shape': (2,), }", ">u4", [70000, 2**32 - 1]),
    ("{'descr': '>i8', 'fortran_order': False, 'shape': (2,), }", ">i8", [2**40, -2]),
    ("{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }", "<u8", [2**53, 1]),
    ("{'descr': '=f4', 'fortran_order': False, 'shape': (2,), }", "<f4", [0.5, -2]),
    ("{'descr': '<u1', 'fortran_order': False, 'shape': (3L,), }", "u1", [1, 2, 255]),
    ("{'descr': '>u1', 'fortran_order': False, 'shape': (2,), }", "u1", [1, 255]),
    ("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }", "i1", [1, -1]),
    ("{'descr': '<b1', 'fortran_order': False, 'shape': (2,), }", "b1", [True, False]),
    ("{'descr': 'f', 'fortran_order': False, 'shape': (2,), }", "f4", [0.5, -2]),
    ("{'descr': 'float64', 'fortran_order': False, 'shape': (2,), }", "f8", [0.5, -2]),
    ('{"shape": (2, 1), "fortran_order": False, "descr": "<f4"}', "<f4", [[0.5], [-2]]),
    ("{'shape':(2,2),'descr':'<i4','fortran_order':True}", "<i4", [[1, 2], [3, 4]]),
    ("  {  'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , ) }  ", "<f4", [0.5, -2]),
    ("{u'descr': u'<f4', u'fortran_order': False, u'shape': (2,), }", "<f4", [0.5, -2]),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "<f4", 1.5),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }", "<f4", np.zeros((0, 3))),
]
for version in (1, 2, 3):
    for header, kind, values in cases if version == 1 else cases[:2]:
        array = np.array(values, kind)
        data = array.tobytes("F" if "True" in header else "C")
        head = b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header) + 1)
        file = head + header.encode() + b"\n" + data + b"more"
        loaded = np.load(io.BytesIO(file))
        assert loaded.shape == array.shape and np.array_equal(loaded, array), header
        print('    (#"%s"#, %d, "%s", %s, %s),' % (
            header, version, data.hex(), list(loaded.shape), [float(v) for v in loaded.ravel()]))
