"""Exchanges networks as ONNX files: ONNX Runtime must compute the same with the files that Limbeck saves, and Limbeck
with those that torch.onnx.export writes (dynamo, opset 20, weights in a second file) of torchvision's networks.

    python Tests/LibraryTests/Reference/onnx_files.py LIMBECK [NAME...]

LIMBECK is the program; with names only these networks are tried. Needs torch, torchvision, onnx, onnxruntime and
onnxscript (scripts/test-slow installs them).
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torchvision.models as networks
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(0)
limbeck, names = sys.argv[1], sys.argv[2:]

# Networks of Limbeck with the shape of an input.
OURS = {
    "mlp_of_layers": ("sequential([dense(8), tanh, batch_norm(), dense(3), softmax])", [5]),
    "graph": ("""graph({
  scale: normalize(mean: [0.4, 0.5, 0.6], std: 0.2), conv: conv(6, 3, stride: 2, padding: "same"), relu: relu,
  pool: max_pool(3, stride: 2, padding: [0, 1, 0, 1]), lrn: lrn(5, 2, 0.1), even: lrn(4, 2, 0.1), left: conv(4, 3, padding: 1, groups: 2),
  right: [avg_pool(3, stride: 1, padding: 1), "even"], gate: [sigmoid, "right"], gated: [multiply, "right", "gate", "gate"],
  both: [concat, "left", "gated"], twice: [add, "both", "both", "both"], drop: dropout(0.5), pooled: global_avg_pool,
  kind: dense(3), size: [dense(2), "gated"]}, output: ["kind", "size"])""", [3, 21, 21]),
    "residuals": ("""sequential({stem: conv(8, 3), norm: batch_norm(), cap: relu6, a: residual({c: conv(8, 3, padding: 1),
  n: batch_norm(), r: relu}), b: residual([conv(4, 1), relu], shortcut: conv(4, 1)), pool: global_avg_pool,
  fc: dense(3), log: log_softmax})""", [3, 14, 14]),
    "decoder": ("""sequential({conv: conv(8, 3, padding: 2, dilation: 2), pool: adaptive_max_pool([7, 4]), up: upsample(2),
  second: conv_transpose(6, 3, stride: 2, padding: 1, extra: [1, 0], groups: 2), smooth: upsample([1, 3], method: "bilinear"),
  last: conv_transpose(2, 4, stride: 2, padding: "same", dilation: 2)})""", [3, 14, 12]),
    "small_cnn": ("small_cnn(classes: 10)", [1, 28, 28]),
    "mlp": ("mlp(classes: 10)", [1, 28, 28]),
    **{name: (f"{name}(classes: 20)", [3, 224, 224])
       for name in ("alexnet", "vgg_m", "vgg_vd_16", "vgg_vd_19", "efficientnet_lite0")},
    **{name: (f"{name}(classes: 20)", [3, 96, 96]) for name in ("resnet18", "resnet34", "mobilenet_v2")},
}


class Responses(nn.Module):
    """Local response normalisation of an odd and of an even width, and pooling with windows over the edge."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 7, stride=2), nn.ReLU(), nn.LocalResponseNorm(5, alpha=0.5, k=2),
            nn.MaxPool2d(3, 2, ceil_mode=True), nn.LocalResponseNorm(4, alpha=0.1))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(16 * 6 * 6, 5), nn.Dropout())

    def forward(self, x):
        return self.classifier(self.features(x))


# Networks of PyTorch with the side of an image.
THEIRS = {
    "responses": (Responses, 32),
    "torch alexnet": (lambda: networks.alexnet(num_classes=20), 224),
    "torch resnet18": (lambda: networks.resnet18(num_classes=20), 64),
    "torch resnet34": (lambda: networks.resnet34(num_classes=20), 64),
    "torch mobilenet_v2": (lambda: networks.mobilenet_v2(num_classes=20), 64),
    "vgg16": (lambda: networks.vgg16(num_classes=20), 224),
    "vgg19": (lambda: networks.vgg19(num_classes=20), 224),
    "squeezenet1_1": (lambda: networks.squeezenet1_1(num_classes=20), 64),
}


def run(folder, script):
    pathlib.Path(folder, "x.lbk").write_text(script)
    subprocess.run([limbeck, "run", "x.lbk"], cwd=folder, check=True)


def chosen(all):
    return {name: all[name] for name in all if not names or name in names}


def compare(name, ours, theirs):
    error = np.abs(ours - theirs).max() / np.abs(theirs).max()
    print(f"{name:28} {error:.1e}")
    assert ours.shape == theirs.shape and error < 1e-4, name


for name, (network, shape) in chosen(OURS).items():
    with tempfile.TemporaryDirectory() as folder:
        x = np.random.default_rng(0).random((2, *shape), np.float32)
        np.save(f"{folder}/x.npy", x)
        # A pass in training mode makes the running means other than those that it begins with.
        run(folder, f"""
let g = {network}
let x = read("x.npy")
g(x, training: true)
let y = g(x)
let outputs = if type(y) == "map" {{ y }} else {{ {{logits: y}} }}
for name, y in outputs {{ write(y, name + ".npy") }}
if type(y) != "map" {{ g.classes = map(0..y.shape[1], i -> f"class {{i}}") }}
save(g, "g18.onnx")
save(g, "g20.onnx", input: x.shape[1..], opset: 20)
""")
        for opset in (18, 20):
            path = f"{folder}/g{opset}.onnx"
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            assert model.ir_version == 10 and model.opset_import[0].version == opset
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            outputs = [output.name for output in session.get_outputs()]
            for output, y in zip(outputs, session.run(outputs, {"input": x})):
                compare(f"{name} opset {opset} {output}", np.load(f"{folder}/{output}.npy"), y)
                one = session.run([output], {"input": x[:1]})[0]
                compare(f"{name} batch 1 {output}", np.load(f"{folder}/{output}.npy")[:1], one)
        # And back.
        run(folder, """
let y = load("g20.onnx")(read("x.npy"))
let outputs = if type(y) == "map" { y } else { {logits: y} }
for name, y in outputs { write(y, name + "-back.npy") }
""")
        for output in outputs:
            compare(f"{name} loaded {output}", np.load(f"{folder}/{output}-back.npy"), np.load(f"{folder}/{output}.npy"))

for name, (make, side) in chosen(THEIRS).items():
    net = make().eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    x = torch.rand(2, 3, side, side)
    with torch.no_grad():
        y = net(x).numpy()
    for kind, shapes in (("of one image", None), ("of any batch", ({0: "batch"},))):
        with tempfile.TemporaryDirectory() as folder:
            np.save(f"{folder}/x.npy", x.numpy())
            torch.onnx.export(
                net, (x[:1],), f"{folder}/g.onnx", dynamo=True, opset_version=20, external_data=True,
                dynamic_shapes=shapes, verbose=False)
            run(folder, """
let g = load("g.onnx")
write(g(read("x.npy")), "y.npy")
write(keys(g.parameters), "names.json")
""")
            compare(f"{name} {kind}", np.load(f"{folder}/y.npy"), y)
            given = {tensor.name for tensor in onnx.load(f"{folder}/g.onnx", load_external_data=False).graph.initializer}
            found = set(json.loads(pathlib.Path(folder, "names.json").read_text()))
            weights = {key for key in net.state_dict() if key.endswith("weight") and key in given}
            assert weights <= found, f"{name}: {sorted(weights - found)}"
print("ONNX files agree.")
