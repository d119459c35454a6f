"""Prints the paces that Tests/Scripts/curricula.lbk expects, from the formulas as the papers give them."""

import math


def competence(t, T, c0, p):
    """c-root-p of Platanios et al., "Competence-based curriculum learning" (2019), equation 8."""
    return min(1.0, (t * (1 - c0**p) / T + c0**p) ** (1 / p))


def fixed_exponential(i, starting_percent, inc, step_length):
    """g(i) / N of Hacohen and Weinshall, "On the power of curriculum learning" (2019), section 2.2."""
    return min(starting_percent * inc ** math.floor(i / step_length), 1)


def show(shares):
    print([round(share, 3) for share in shares])


show(competence(t, 5, 0.01, 2) for t in range(5))
show(competence(t, 2, 0.1, 3) for t in range(4))
show(competence(t, 2, 0.2, 1) for t in range(4))
show(fixed_exponential(i, 0.04, 1.9, 2) for i in range(6))
