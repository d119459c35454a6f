"""What a PyTorch user writes for the same: Pillow, NumPy, a Dataset, a DataLoader with two workers.

    python data_loading.py [folder] [records] [epochs]

Prints JSON lines with the time of the first epoch and of the quickest later one, as data_loading.lbk does.
"""

import json
import os
import random
import sys
import time

import numpy as np
import torch
from PIL import Image

torch.set_num_threads(1)


class Birds(torch.utils.data.Dataset):
    def __init__(self, files):
        self.files = files

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        path, label = self.files[i]
        image = Image.open(path).convert("RGB").resize((224, 224), Image.BICUBIC)
        pixels = np.asarray(image, dtype=np.float32).transpose(2, 0, 1) / 255
        return torch.from_numpy(np.ascontiguousarray(pixels)), label


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "/work/shared/data/birds/images"
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 2400
    epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    files = []
    for label, folder in enumerate(sorted(os.listdir(root))):
        for name in sorted(os.listdir(os.path.join(root, folder))):
            files.append((os.path.join(root, folder, name), label))
    random.Random(0).shuffle(files)
    loader = torch.utils.data.DataLoader(
        Birds(files[:records]), batch_size=128, shuffle=True, num_workers=2, persistent_workers=True)
    seconds = []
    for _ in range(epochs):
        start = time.perf_counter()
        seen = sum(len(y) for x, y in loader)
        assert seen == records
        seconds.append(time.perf_counter() - start)
    for work, spent in [("first", seconds[0]), ("later", min(seconds[1:]))]:
        print(json.dumps({"work": f"decode, resize 224, {work} epoch", "ms": round(spent * 1e3, 2)}))


main()
