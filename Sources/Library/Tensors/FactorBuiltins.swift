import Gradients
import Language
import Tensors

private let x = Argument("x", .reducible, "a matrix [m, n]")

/// The builtins that decompose matrices.
func factorBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "svd", "Decomposes a matrix into its singular vectors and values: x = u @ (s * vt).",
      details: """
        u is [m, k], s is [k] in descending order and vt is [k, n], where k is the smaller of m and n; \
        x is `(u * s) @ vt`. The columns of u, and the rows of vt, are orthogonal and have length 1; \
        the sign of each is LAPACK's choice. It is computed in float64 and has no gradient. \
        `looking.pca` uses it.
        """,
      searchTerms: ["singular value decomposition", "PCA", "eigenvalues", "eigh", "LAPACK"], [x],
      result: "list [u, s, vt]",
      examples: [
        Example(
          "let u, s, vt = svd([[3, 0], [0, -4]])\ns", "tensor [2] float32\n[4, 3]"),
        Example(
          "let x = arange(6).reshape(2, 3)\nlet u, s, vt = svd(x)\nmax(abs((u * s) @ vt - x)) < 1e-5",
          "true"),
      ], methodOf: ["tensor"]
    ) { call in
      let (u, s, vt) = try call.untracked(x).svd()
      return .list(List([Value(u), Value(s), Value(vt)]))
    }
  ]
}
