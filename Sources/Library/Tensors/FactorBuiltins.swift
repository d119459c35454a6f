import Gradients
import Language
import Tensors

private let x = Argument("x", .reducible, "a matrix [m, n], or several [..., m, n]")
private let square = Argument("x", .reducible, "a square matrix [n, n], or several [..., n, n]")
private let symmetric = Argument(
  "x", .reducible, "a symmetric matrix [n, n], or several [..., n, n]")
private let a = Argument("a", .reducible, "a square matrix [n, n], or several [..., n, n]")
private let system = Argument("a", .reducible, "a matrix [m, n], or several [..., m, n]")
private let b = Argument("b", .reducible, "the right side, [n] or [..., n, k]")
private let measured = Argument("b", .reducible, "the right side, [m] or [..., m, k]")
private let cutoff = Argument(
  "rcond", .optional(.number),
  "singular values up to this share of the largest count as 0; nil is the rounding of the type times "
    + "the longer side", named: true)

/// How matrices are computed with.
private let precision =
  "It is computed in float64 and has the type of x, or float32 if that is not floating. "

/// The builtins that decompose matrices and solve linear equations.
func factorBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "svd", "Decomposes a matrix into its singular vectors and values: x = u @ (s * vt).",
      details: """
        u is [m, k], s is [k] in descending order and vt is [k, n], where k is the smaller of m and n; \
        x is `(u * s) @ vt`. The columns of u, and the rows of vt, are orthogonal and have length 1; \
        the sign of each is LAPACK's choice. \(precision)Vectors of equal singular values are not \
        determined, so a gradient through them is an error; one through the values alone is not.
        """,
      searchTerms: ["singular value decomposition", "PCA", "LAPACK"], [x],
      result: "list [u, s, vt]",
      examples: [
        Example(
          "let u, s, vt = svd([[3, 0], [0, -4]])\ns", "tensor [2] float32\n[4, 3]"),
        Example(
          "let x = arange(6).reshape(2, 3)\nlet u, s, vt = svd(x)\nmax(abs((u * s) @ vt - x)) < 1e-5",
          "true"),
      ], methodOf: ["tensor"]
    ) { call in
      let (u, s, vt) = try call[x].svd()
      return .list(List([Value(u), Value(s), Value(vt)]))
    },
    Builtin(
      "eigh", "Finds the eigenvalues and eigenvectors of a symmetric matrix: x = (v * w) @ v.T.",
      details: """
        w is [n] in ascending order, and column i of v [n, n] belongs to w[i], has length 1 and is \
        orthogonal to the others; its sign is LAPACK's choice. \(precision)Vectors of equal eigenvalues \
        are not determined, so a gradient through them is an error; one through the values alone is not.
        """,
      searchTerms: ["eigenvalues", "eigenvectors", "spectrum", "PCA", "LAPACK"], [symmetric],
      result: "list [w, v]",
      examples: [
        Example("let w, v = eigh([[2, 1], [1, 2]])\nround(w, 5)", "tensor [2] float32\n[1, 3]")
      ], methodOf: ["tensor"]
    ) { call in
      let (w, v) = try call[symmetric].symmetricEigen()
      return .list(List([Value(w), Value(v)]))
    },
    Builtin(
      "cholesky", "Finds the lower triangle l of a positive definite matrix: x = l @ l.T.",
      details: "\(precision)A matrix that is not positive definite is an error.",
      searchTerms: ["covariance", "square root of a matrix", "LAPACK"], [symmetric],
      result: "tensor [..., n, n]",
      examples: [
        Example("cholesky([[4, 2], [2, 10]])", "tensor [2, 2] float32\n[[2, 0],\n [1, 3]]")
      ], methodOf: ["tensor"]
    ) { Value(try $0[symmetric].cholesky()) },
    Builtin(
      "qr", "Decomposes a matrix into orthogonal columns and an upper triangle: x = q @ r.",
      details: """
        q is [m, k] and r is [k, n], where k is the smaller of m and n; signs are LAPACK's choice. \
        \(precision)The gradient holds where the first k columns are independent of each other; elsewhere \
        it is an error.
        """,
      searchTerms: ["orthogonal", "Gram-Schmidt", "LAPACK"], [x], result: "list [q, r]",
      examples: [
        Example(
          "let q, r = qr([[3, 1], [4, 1]])\nround(abs(r), 5)",
          "tensor [2, 2] float32\n[[5.0, 1.4],\n [0.0, 0.2]]")
      ], methodOf: ["tensor"]
    ) { call in
      let (q, r) = try call[x].qr()
      return .list(List([Value(q), Value(r)]))
    },
    Builtin(
      "solve", "Solves linear equations: the x for which a @ x = b.",
      details: """
        Leading axes of both are broadcast. \(precision)A singular matrix is an error; `lstsq` solves \
        such equations, and more or fewer equations than unknowns.
        """,
      searchTerms: ["linear equations", "system", "LU", "LAPACK"], [a, b],
      result: "tensor [..., n, k], or [..., n]",
      examples: [Example("solve([[2, 0], [1, 1]], [4, 5])", "tensor [2] float32\n[2, 3]")],
      methodOf: ["tensor"]
    ) { Value(try .solve($0[a], $0[b])) },
    Builtin(
      "inv", "Inverts a square matrix.",
      details: "\(precision)`solve(a, b)` is shorter and more accurate than `inv(a) @ b`.",
      searchTerms: ["inverse", "LAPACK"], [square], result: "tensor [..., n, n]",
      examples: [
        Example("inv([[2, 0], [0, 4]])", "tensor [2, 2] float32\n[[0.50, 0.00],\n [0.00, 0.25]]")
      ], methodOf: ["tensor"]
    ) { Value(try $0[square].inverse()) },
    Builtin(
      "pinv", "Gives the pseudo-inverse of a matrix, which is the inverse where there is one.",
      details: "\(precision)The gradient holds as long as the rank stays the same.",
      searchTerms: ["Moore-Penrose"], [x, cutoff], result: "tensor [..., n, m]",
      examples: [Example("pinv([[2], [0]])", "tensor [1, 2] float32\n[[0.5, 0.0]]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].pseudoInverse(cutoff: $0[cutoff])) },
    Builtin(
      "lstsq", "Solves linear equations by least squares: the x for which |a @ x - b| is smallest.",
      details: """
        Of several such x it is the shortest. \(precision)It is `pinv(a) @ b`.
        """,
      searchTerms: ["least squares", "linear regression", "fit"], [system, measured, cutoff],
      result: "tensor [..., n, k], or [..., n]",
      examples: [
        Example(
          "round(lstsq([[1, 0], [1, 1], [1, 2]], [1, 3, 5]), 4)", "tensor [2] float32\n[1, 2]")
      ], methodOf: ["tensor"]
    ) { Value(try .leastSquares($0[system], $0[measured], cutoff: $0[cutoff])) },
  ]
}
