"""Computes the values that Tests/Scripts/paired_comparisons.lbk compares with.

    pip install numpy scipy statsmodels pandas; python comparisons.py
"""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar

print("t", [float(stats.t.ppf(0.975, df)) for df in [1, 2, 2.7, 10, 300, 10000]], float(stats.t.ppf(0.9, 3.3)))
for a, b in [(3, 9), (0, 6), (5, 5), (130, 171)]:
    print("mcnemar", a, b, float(mcnemar([[0, a], [b, 0]], exact=True).pvalue))


def interval(d):
    """The interval of the mean of d [seeds, images], from the mean squares of a two-way analysis of variance."""
    seeds, images = d.shape
    frame = pd.DataFrame({"d": d.ravel(), "seed": np.repeat(np.arange(seeds), images), "image": np.tile(np.arange(images), seeds)})
    squares = anova_lm(ols("d ~ C(seed) + C(image)", frame).fit())["mean_sq"]
    by_seed, by_image, rest = squares["C(seed)"], squares["C(image)"], squares["Residual"]
    total = max(by_image + by_seed - rest, by_image, by_seed)
    freedom = total**2 / (by_image**2 / (images - 1) + by_seed**2 / (seeds - 1) + rest**2 / ((images - 1) * (seeds - 1)))
    half = stats.t.ppf(0.975, freedom) * (total / d.size) ** 0.5
    return d.mean() - half, d.mean() + half, freedom


# Differences from a rule that a script repeats: -1, 0 or 1.
i, s = np.arange(40), np.arange(3)[:, None]
for name, d in [("mixed", (i * 7 + s * 11 + i * s) % 5 % 3 - 1), ("by seed", (i % 3 == 0) * (s - 0.5)), ("by image", (i % 4 == 0) * 1.0 + 0 * s)]:
    print(name, [float(x) for x in interval(d.astype(float))])
one = ((i * 7) % 5 % 3 - 1).astype(float)
print("one seed", [float(x) for x in stats.t.interval(0.95, 39, one.mean(), stats.sem(one))])
