"""PyTorch files for PyTorchTests.swift, written to ../Data/torch, with their numbers in ../Data/torch/expected.json.

    python torch_files.py        # needs torch 2.13.0 and numpy
"""

import collections
import io
import json
import os
import pickle
import sys
import zipfile

import numpy as np
import torch
from torch import nn

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Data", "torch")
os.makedirs(OUT, exist_ok=True)


def plain(tensor):
    """What the reader gives: the shape, and the numbers in row-major order."""
    tensor = tensor.detach().resolve_neg()
    return [list(tensor.shape), tensor.to(torch.float64).flatten().tolist()]


def tensors():
    base = torch.arange(24, dtype=torch.float32)
    flat = torch.arange(6, dtype=torch.float32)
    negative = torch.complex(torch.ones(3), torch.tensor([1.0, -2.0, 3.0])).conj().imag
    assert negative.is_neg()
    spare = torch.full((4,), 2**62 + 1, dtype=torch.int64)
    spare[:2] = torch.tensor([7, -7])
    parameter = nn.Parameter(torch.tensor([1.0, 2.0]))
    stateful = nn.Parameter(torch.tensor([3.0, 4.0]))
    stateful.note = "kept"
    remembering = torch.tensor([5.0, 6.0])
    remembering.note = "kept"
    return collections.OrderedDict(
        transposed=base.reshape(4, 6).t(),
        permuted=base.reshape(2, 3, 4).permute(2, 0, 1),
        channels_last=base.reshape(1, 2, 3, 4).to(memory_format=torch.channels_last),
        every_second=base[1::2],
        expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3),
        whole=flat,
        part=flat[2:5],
        negated=negative,
        negated_int=torch.tensor([1, -2], dtype=torch.int32),
        half=torch.tensor([1.5, -2.0, 2.0**-24], dtype=torch.float16),
        bfloat16=torch.tensor([1.0, -3.0, 1e30], dtype=torch.bfloat16),
        float8=torch.tensor([1.0, -448.0], dtype=torch.float8_e4m3fn),
        float64=torch.tensor([1e300, -0.1], dtype=torch.float64),
        int64=torch.tensor([[5, -6]], dtype=torch.int64),
        int64_large=torch.tensor([2**40, -1], dtype=torch.int64),
        spare=spare[:2],
        int16=torch.tensor([-300, 300], dtype=torch.int16),
        int8=torch.tensor([-1, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 255], dtype=torch.uint8),
        uint16=torch.tensor([65535, 1], dtype=torch.uint16),
        uint32=torch.tensor([2**32 - 1, 1], dtype=torch.uint32),
        bool=torch.tensor([True, False, True]),
        empty=torch.zeros(0, 3),
        scalar=torch.tensor(2.5),
        parameter=parameter,
        stateful=stateful,
        remembering=remembering,
    )


def legacy_tensors():
    """Those that the older layout can hold."""
    return collections.OrderedDict(
        (name, tensor) for name, tensor in tensors().items() if name not in ("uint16", "uint32", "float8"))


everything = tensors()
old = legacy_tensors()
for protocol in (2, 3, 4, 5):
    torch.save(everything, f"{OUT}/zip{protocol}.pth", pickle_protocol=protocol)
    torch.save(old, f"{OUT}/legacy{protocol}.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=False)
torch.serialization.set_crc32_options(False)
torch.save(everything, f"{OUT}/no_crc.pth")
torch.serialization.set_crc32_options(True)

# The same archive as a big-endian machine writes it: the numbers turned around, and the record that says so.
big = {"x": torch.tensor([1.0, -2.5]), "i": torch.tensor([1, 2**40]), "h": torch.tensor([1.5], dtype=torch.float16)}
buffer = io.BytesIO()
torch.save(big, buffer)
with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(f"{OUT}/big_endian.pth", "w") as target:
    widths = [4, 8, 2]
    for name in source.namelist():
        data = source.read(name)
        if "/data/" in name:
            data = np.frombuffer(data, dtype=f"<u{widths[int(name.split('/')[-1])]}").byteswap().tobytes()
        if name.endswith("byteorder"):
            data = b"big"
        target.writestr(zipfile.ZipInfo(name), data)

model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
with torch.no_grad():
    for index, parameter in enumerate(model.parameters()):
        parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) / 8 + index)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
model(torch.ones(5, 3)).sum().backward()
optimizer.step()
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 3])
checkpoint = {
    "epoch": 3,
    "big": 2**70,
    "best": 0.625,
    "name": "run ü",
    "raw": b"ab\x00\xff",
    "nothing": None,
    "flags": [True, False],
    "pair": (1, "a"),
    "names": {"cat"},
    "size": torch.Size([2, 3]),
    "dtype": torch.float16,
    "device": torch.device("cpu"),
    "complex": torch.tensor([1 + 2j]),
    "state_dict": {"module." + k: v for k, v in model.state_dict().items()},
    "optimizer": optimizer.state_dict(),
    "scheduler": scheduler.state_dict(),
}
for protocol in (2, 5):
    torch.save(checkpoint, f"{OUT}/checkpoint{protocol}.pth", pickle_protocol=protocol)
torch.save(model.state_dict(), f"{OUT}/state_dict.pth")
torch.save(model, f"{OUT}/module.pth")
torch.save(model, f"{OUT}/legacy_module.pth", _use_new_zipfile_serialization=False)


class Writes:
    """Would write a file when it is read."""

    def __reduce__(self):
        return (os.system, ("echo harmless > limbeck-pickle-was-run",))


torch.save({"weight": torch.ones(2), "more": Writes()}, f"{OUT}/calls.pth")
with open(f"{OUT}/plain.pkl", "wb") as file:
    pickle.dump(Writes(), file)

with open(f"{OUT}/expected.json", "w") as file:
    json.dump({name: plain(tensor) for name, tensor in everything.items()}, file)
print("torch", torch.__version__, "python", sys.version.split()[0])
