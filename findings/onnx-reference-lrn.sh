#!/usr/bin/env bash
# onnx 1.23.2: the LRN of onnx.reference.ReferenceEvaluator, by which backends are tested, normalises as many channels
# as the batch has images. The others are divided by the bias alone, so that the same image gives
# other numbers in another batch. The loop over channels is `for c in range(x.shape[0])`, the size of the batch axis.
# onnxruntime 1.32.0 is right, and does not depend on the batch.
#
# Expected: for ones, size 3, alpha 3, beta 1 and bias 1: 1 / (1 + the number of neighbours), 1/3 at the two ends and
# 1/4 between them, as ONNX's definition says, whatever the batch.
#
# Observed on 2026-11-29:
#   batch of 1: 0.333 1 1 1
#   batch of 2: 0.333 0.25 1 1
#   batch of 4: 0.333 0.25 0.25 0.333, which is right
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
"$work/venv/bin/python" - <<'END'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

node = helper.make_node("LRN", ["x"], ["y"], size=3, alpha=3.0, beta=1.0, bias=1.0)
x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4, 1, 1]) for name in "xy")
graph = helper.make_graph([node], "lrn", [x], [y])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
right = np.array([1 / 3, 1 / 4, 1 / 4, 1 / 3], np.float32)
for images in (1, 2, 4):
    x = np.ones((images, 4, 1, 1), np.float32)
    first = ReferenceEvaluator(model).run(None, {"x": x})[0][0].flatten()
    print(f"batch of {images}:", *(f"{value:.3g}" for value in first))
    wrong = np.where(np.arange(4) < images, right, 1)
    assert np.allclose(first, wrong), "it is computed differently now"
    assert np.allclose(session.run(None, {"x": x})[0], right.reshape(1, 4, 1, 1)), "onnxruntime is not right any more"
print("as observed")
END
