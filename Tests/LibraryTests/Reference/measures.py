"""Prints the constants of Tests/Scripts/measures.lbk: scikit-learn's and SciPy's numbers.

Run: python measures.py
"""

import numpy as np
from scipy import stats
from sklearn import metrics

n = np.arange(40)
scores = (37 * n % 23) / 10
labels = (53 * n % 7 < 3).astype(int)
false, true, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
print("roc", metrics.roc_auc_score(labels, scores), len(false), false.sum(), true.sum())
p, r, t = metrics.precision_recall_curve(labels, scores)
print("precision", metrics.average_precision_score(labels, scores), len(t), p[:-1].sum(), r[:-1].sum())
many = (53 * np.arange(120) % 5 < 2).astype(int).reshape(40, 3)
print("map", metrics.average_precision_score(many, (37 * np.arange(120) % 101).reshape(40, 3), average="macro"))
truth, found = 29 * n % 4, 31 * n % 5 % 4
print("classes", metrics.precision_recall_fscore_support(truth, found))
print(metrics.confusion_matrix(truth, found).tolist())
a, b = (37 * n[:8] % 11) / 10, (17 * n[:8] % 13) / 10
test = stats.ttest_rel(a, b)
print("t", test.statistic, test.pvalue, test.confidence_interval(0.9))
for freedom, t in [(1, 3.0), (4, 0.0), (30, 9.5), (200, 2.0), (2000, 5.0)]:
    print("tail", freedom, t, stats.t.sf(t, freedom))
