#!/usr/bin/env bash
# torchmetrics 1.9.0: the expected calibration error puts confidences of exactly 1 into a bin of their own, behind the
# `n_bins` that were asked for. Confident networks reach exactly 1: float32's softmax gives it for two classes from a lead of 17 on.
# Errors of opposite signs that cancel within the last bin are then added up, so the error jumps when one confidence
# goes from 0.99999 to 1. With `n_bins=1` the result should be |accuracy - mean confidence|, and is not.
#
# Expected: the last bin includes its upper end, as in Guo et al. (2017), whose bins are ((m - 1)/M, m/M].
#
# Observed on 2026-11-30, two records with the confidences 0.6 (right) and c (wrong), accuracy 0.5:
#   c = 0.99999: 0.299995 with 1 bin, 0.299995 with 2
#   c = 1:       0.7      with 1 bin, 0.7      with 2 (expected: 0.3 and 0.3)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install torch==2.13.0+cpu numpy torchmetrics==1.9.0
"$work/venv/bin/python" - <<'END'
import torch
from torchmetrics.functional.classification import multiclass_calibration_error


def error(confidence, bins):
    probabilities = torch.tensor([[0.6, 0.4], [confidence, 1 - confidence]])
    return multiclass_calibration_error(
        probabilities, torch.tensor([0, 1]), num_classes=2, n_bins=bins, norm="l1").item()


for confidence, expected in ((0.99999, 0.3), (1.0, 0.7)):
    found = [error(confidence, bins) for bins in (1, 2)]
    print(f"confidence {confidence}: {found}")
    assert all(abs(x - expected) < 1e-4 for x in found), "it is no longer as observed"
assert torch.softmax(torch.tensor([17.0, 0.0]), 0)[0] == 1
print("as observed")
END
