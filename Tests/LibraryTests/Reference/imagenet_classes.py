"""Writes the names in stdlib/imagenet.lbk, from torchvision's metadata.

    pip install --no-deps torchvision==0.28.0; python imagenet_classes.py > names.txt
"""

import importlib.util
import pathlib

package = importlib.util.find_spec("torchvision").submodule_search_locations[0]
meta = {}
exec((pathlib.Path(package) / "models" / "_meta.py").read_text(), meta)
line = " " * 3
for name in meta["_IMAGENET_CATEGORIES"]:
    text = f' "{name}",'
    if len(line + text) > 102:
        print(line)
        line = " " * 3
    line += text
print(line)
