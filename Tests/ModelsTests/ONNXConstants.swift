// Written by Reference/onnx_small.py with PyTorch 2.15.0.
// swift-format-ignore-file

/// What the network of Data/small.onnx gives for two images, by PyTorch.
let smallNetwork: [Float] = [-0.13630086, 0.036201492, -0.73032999, -0.13687843, 0.03704372, -0.72817707]
