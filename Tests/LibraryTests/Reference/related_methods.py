"""The numbers that Tests/Scripts/related_methods.lbk expects of the closed forms, computed elsewhere:
CORAL by SciPy's powers of matrices, subspace alignment with scikit-learn's PCA, and SVM+ as a quadratic
programme that CVXOPT solves.

    python related_methods.py      # needs numpy, scipy, scikit-learn and cvxopt
"""

import numpy as np
from cvxopt import matrix, solvers
from scipy.linalg import fractional_matrix_power
from sklearn.decomposition import PCA
from sklearn.svm import SVC


def wave(a, *shape):
    return np.sin(a * np.arange(1, np.prod(shape) + 1)).reshape(shape)


def coral(a, b, ridge):
    ca, cb = (np.cov(x.T) + ridge * np.eye(x.shape[1]) for x in (a, b))
    turn = fractional_matrix_power(ca, -0.5) @ fractional_matrix_power(cb, 0.5)
    return (a - a.mean(0)) @ turn.real + b.mean(0)


def subspace(a, b, size):
    # The kernel of the two, which does not depend on the signs of components.
    pa, pb = (PCA(size).fit(x).components_.T for x in (a, b))
    return (a - a.mean(0)) @ pa @ pa.T @ pb @ ((b - b.mean(0)) @ pb).T


def svm_plus(x, y, z, C, gamma):
    """The primal problem, over w, b, w* and b*, as a quadratic programme."""
    (n, d), e = x.shape, z.shape[1]
    P = np.diag([1.0] * d + [0] + [gamma] * e + [0])
    q = np.concatenate([np.zeros(d + 1), C * z.sum(0), [C * n]])
    one = np.ones((n, 1))
    slack = np.hstack([np.zeros((n, d + 1)), z, one])
    margin = np.hstack([y[:, None] * x, y[:, None], z, one])
    G, h = -np.vstack([margin, slack]), np.concatenate([-np.ones(n), np.zeros(n)])
    solvers.options.update(show_progress=False, abstol=1e-11, reltol=1e-11, feastol=1e-11)
    found = solvers.qp(*(matrix(v) for v in (P, q, G, h)))
    assert found["status"] == "optimal", found["status"]
    return np.ravel(found["x"])[: d + 1]


a, b = wave(0.7, 9, 3), 2 * wave(0.9, 8, 3) + 1
x, z = wave(0.37, 14, 2), wave(0.61, 14, 2)
y = np.where(x[:, 0] + 0.5 * wave(1.7, 14) > 0, 1, -1)
show = lambda name, v: print(name, [round(float(i), 4) for i in np.ravel(v)])
show("coral", coral(a, b, 0.1)[:2])
show("subspace", subspace(a, b, 2)[:2, :3])
show("labels", (y + 1) / 2)
m = SVC(kernel="linear", C=2, tol=1e-10).fit(x, y)
show("svm", np.concatenate([m.coef_[0], m.intercept_]))
show("svm+", svm_plus(x, y, z, 2, 0.5))
