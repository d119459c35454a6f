"""Computes the logits of a forest that Tests/Scripts/teacher_files.lbk compresses into a network.

    python Tests/LibraryTests/Reference/forest_logits.py

prints the CSV file (made with scikit-learn 1.9.1 and numpy 2.4).
"""

import numpy as np
from sklearn.ensemble import RandomForestClassifier

x = (37 * np.arange(96) % 101).reshape(24, 4) / 100 - 0.5
y = (x[:, 0] > 0).astype(int) + (x[:, 1] + x[:, 2] > 0.1)
forest = RandomForestClassifier(20, random_state=0).fit(x, y)
# A vote more, shared out: no share is 0, whose logarithm would be infinite.
logits = np.log((forest.predict_proba(x) * 20 + 1 / 3) / 21)
print("id,0,1,2")
for i in np.random.default_rng(0).permutation(24):
    print(f"{i}," + ",".join(f"{value:.3f}" for value in logits[i]))
print("# labels", y.tolist())
