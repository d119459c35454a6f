"""Runs the PyTorch side of docs/from-pytorch.md and compares it with what Limbeck prints there.

    python Tests/LibraryTests/Reference/from_pytorch.py

needs torch, torchvision, numpy and safetensors (scripts/test-slow installs them). Each section of the page is
one program. A Python block that is followed by its own output must print exactly that. Any other Python block
that prints something, and each row of a table with results, must print the numbers that Limbeck prints.
Limbeck's side is checked by Tests/LibraryTests/PageTests.swift.
"""

import contextlib
import io
import math
import os
import re
import sys
import tempfile

import torch

# PyPI's torchvision is built for CUDA, and its compiled operations do not load into torch's CPU build. The page
# uses none of them, but the import asks for their declarations.
for name in ("nms", "qnms") if torch.version.cuda is None else ():
    torch.library.define(f"torchvision::{name}", "(Tensor boxes, Tensor scores, float threshold) -> Tensor")

page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../docs/from-pytorch.md")
row = r"^\| `([^`\n]+)` \| `([^`\n]+)` \| `([^`\n]+)` \|$"
block = re.compile(r"^```(\w+)\n(.*?)^```$|" + row, re.MULTILINE | re.DOTALL)
number = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)(?!\w)", re.IGNORECASE)


def numbers(text):
    """The numbers of a text, without the shapes and types that both print with a tensor; a bool is 0 or 1."""
    text = re.sub(r"tensor \[[^]]*\] \w+|dtype=torch\.\w+", "", text)
    text = re.sub(r"\b(true|false)\b", lambda m: str(int(m[0].lower() == "true")), text, flags=re.IGNORECASE)
    return [float(n) for n in number.findall(re.sub(r'"[^"]*"|\'[^\']*\'', "", text))]


def agree(ours, theirs):
    """Whether two lists of printed numbers are the same up to the last of four decimals."""
    return len(ours) == len(theirs) and all(
        math.isclose(a, b, rel_tol=1e-4, abs_tol=1.01e-4) for a, b in zip(ours, theirs))


def printed(code, names):
    """What a block prints."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "docs/from-pytorch.md", "exec"), names)
    return output.getvalue()


def check_section(parts, names):
    """Compares a section's blocks and rows; gives how many were compared and what is wrong."""
    compared, wrong, python, language = 0, [], None, None
    for kind, text, theirs, _, result in parts:
        if theirs:
            compared += 1
            if not agree(numbers(result), numbers(printed(f"print({theirs})", names))):
                wrong.append(f"{theirs}: {printed(f'print({theirs})', names)}is not {result}")
        elif kind == "python":
            python = printed(text, names)
        elif kind == "output" and language == "python":
            compared += 1
            if text != python:
                wrong.append(f"{python!r} is not {text!r}")
            python = None
        elif kind == "output" and python:
            compared += 1
            if not agree(numbers(text), numbers(python)):
                wrong.append(f"{python!r} has other numbers than {text!r}")
            python = None
        language = kind
    return compared, wrong


def main():
    with open(page, encoding="utf-8") as file:
        imports, *sections = re.split(r"(?m)^(?=## )", file.read())
    compared, wrong = 0, []
    for section in sections:
        names = {}
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            exec(block.search(imports)[2], names)
            count, faults = check_section(block.findall(section), names)
        compared += count
        wrong += [f"{section.splitlines()[0]}: {fault}" for fault in faults]
    for fault in wrong:
        print(fault, file=sys.stderr)
    print(f"docs/from-pytorch.md: {compared} results compared, {len(wrong)} wrong")
    sys.exit(1 if wrong or compared < 50 else 0)


main()
