"""Writes a small network as torch.onnx.export writes it, for ONNXTests.swift: Data/small.onnx with its weights in
Data/small.onnx.data, and what it computes in ONNXConstants.swift.

    pip install torch==2.15.0 onnx==1.23.2 onnxscript==0.7.2
    python Tests/ModelsTests/Reference/onnx_small.py
"""

import pathlib

import onnx
import torch
from torch import nn

torch.manual_seed(0)
tests = pathlib.Path(__file__).parent.parent


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, groups=2)
        self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride)) if inputs != outputs else None

    def forward(self, x):
        way = x if self.downsample is None else self.downsample(x)
        return torch.relu(self.conv2(torch.relu(self.bn1(self.conv1(x)))) + way)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.ReLU(), nn.LocalResponseNorm(4, alpha=0.5, k=2), nn.MaxPool2d(3, 2, ceil_mode=True))
        self.layer1 = nn.Sequential(Block(8, 8, 1), Block(8, 4, 2))
        self.classifier = nn.Sequential(nn.Linear(8, 6), nn.ReLU6(), nn.Dropout(), nn.Linear(6, 3))

    def forward(self, x):
        x = self.layer1(self.features(x))
        x = torch.cat([x, torch.sigmoid(x)], 1)
        return self.classifier(x.mean((2, 3)))


net = Small()
net.layer1[0].bn1.running_mean.normal_()
net.layer1[0].bn1.running_var.uniform_(0.5, 2)
net.eval()
x = ((torch.arange(2 * 3 * 12 * 12) % 19 / 19 - 0.3) ** 2 * 4).reshape(2, 3, 12, 12)
program = torch.onnx.export(net, (x[:1],), dynamo=True, opset_version=20, dynamic_shapes=({0: "batch"},))
program.save(tests / "Data/small.onnx", external_data=True)
# Without what the export notes about this program: its path and its lines.
model = onnx.load(tests / "Data/small.onnx", load_external_data=False)
for part in [model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info]:
    del part.metadata_props[:]
    part.doc_string = ""
onnx.save(model, tests / "Data/small.onnx")
with torch.no_grad():
    numbers = ", ".join(f"{y:.8g}" for y in net(x).flatten().tolist())
(tests / "ONNXConstants.swift").write_text(f"""// Written by Reference/onnx_small.py with PyTorch {torch.__version__.split('+')[0]}.
// swift-format-ignore-file

/// What the network of Data/small.onnx gives for two images, by PyTorch.
let smallNetwork: [Float] = [{numbers}]
""")
