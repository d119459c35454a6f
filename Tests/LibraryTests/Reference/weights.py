"""Prints the fingerprints (Layer.fingerprint) of networks in safetensors files, for StartingWeightsTests.

The files were saved by Limbeck of 29 November 2026, before random scopes (commit ccab606):

    seed(0)
    save(small_cnn(classes: 10, input: [1, 28, 28]), "first.safetensors")
    save(small_cnn(classes: 10, input: [1, 28, 28]), "second.safetensors")
    seed(7)
    let g = vgg_m(classes: 5)
    g(zeros(1, 3, 64, 64))
    save(g, "vgg_m.safetensors")
"""
import json
import struct
import sys

MASK = (1 << 64) - 1


class Digest:
    def __init__(self):
        self.a, self.b = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F

    def word(self, x):
        a = ((self.a ^ x) * 0xFF51AFD7ED558CCD) & MASK
        self.a = a ^ (a >> 32)
        b = ((self.b + x) * 0xC4CEB9FE1A85EC53) & MASK
        self.b = b ^ (b >> 29)

    def text(self, text):
        data = text.encode()
        for byte in data:
            self.word(byte)
        self.word(len(data))

    def bytes(self, data):
        words = len(data) // 8
        for x in struct.unpack(f"<{words}Q", data[: 8 * words]):
            self.word(x)
        for byte in data[8 * words:]:
            self.word(byte)


def place(name):
    layer, part = name.split(".")
    return int(layer), ["weight", "bias"].index(part)


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        data = file.read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    digest = Digest()
    for name in sorted(header, key=place):
        low, high = header[name]["data_offsets"]
        digest.text(name)
        digest.word(1)
        digest.text("float32[" + ", ".join(map(str, header[name]["shape"])) + "]")
        digest.bytes(data[8 + size + low:8 + size + high])
    print(path, f"{digest.a:016x}{digest.b:016x}")
