import Gradients
import Language
import Tensors

private let x = Argument("x", .numeric, "a tensor or list")
private let formula = Argument(
  "formula", .string, "the axes of each tensor as letters, an arrow, and the axes of the result")
private let tensors = Argument(rest: "tensors", .numeric, "the tensors")
private let a = Argument("a", .numeric, "a tensor or list")
private let b = Argument("b", .numeric, "a tensor or list")
private let matrix = Argument("x", .numeric, "a vector [n] or a matrix [m, n]")
private let offset = Argument(
  "k", .whole, default: 0, "how many places the diagonal is above the main one")
private let counts = Argument(
  rest: "counts", .sizes, "how often along each axis, as numbers or one list")
private let times = Argument("n", .whole(0...), "how often")
private let shift = Argument("shift", .whole, "by how many places, to the end if positive")
private let anyAxis = Argument(
  "axis", .optional(.whole), "the axis; nil takes all elements in one row")
private let order = Argument("n", .whole(0...), default: 1, "how many times")
private let lastAxis = Argument("axis", .whole, default: -1, "the axis")
private let vectors = Argument(rest: "vectors", .numeric, "the coordinates along each axis")

/// The builtins that multiply over named axes, and repeat, move and compare elements.
func rearrangingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "einsum", "Computes sums of products over named axes, in Einstein's notation.",
      details: """
        Letters before the arrow name the axes of the tensors; those after it are the axes of the result, \
        and all others are summed over. A letter that a tensor has twice takes its diagonal. Without an \
        arrow the result has the letters that occur once, in alphabetical order. Tensors are multiplied \
        from left to right, by matrix products.
        """,
      searchTerms: ["Einstein summation", "tensordot", "contraction", "bilinear"],
      [formula, tensors], result: "tensor",
      examples: [
        Example(
          "einsum(\"ij,jk->ik\", [[1, 2]], [[3], [4]])", "tensor [1, 1] float32\n[[11]]"),
        Example("einsum(\"ii\", [[1, 2], [3, 4]]).item()", "5"),
      ]
    ) { Value(try .einsum($0[formula], $0[tensors])) },
    Builtin(
      "outer", "Multiplies each element of one tensor by each of another.",
      searchTerms: ["outer product", "Kronecker"], [a, b], result: "tensor",
      examples: [
        Example("outer([1, 2], [3, 4])", "tensor [2, 2] float32\n[[3, 4],\n [6, 8]]")
      ], methodOf: ["tensor"]
    ) { Value(try .outer($0[a], $0[b])) },
    Builtin(
      "diag", "Takes the diagonal of a matrix, or makes a matrix with a vector on its diagonal.",
      searchTerms: ["diagonal", "trace"], [matrix, offset], result: "tensor",
      examples: [
        Example("diag([[1, 2], [3, 4]])", "tensor [2] float32\n[1, 4]"),
        Example("diag([1, 2])", "tensor [2, 2] float32\n[[1, 0],\n [0, 2]]"),
      ], methodOf: ["tensor"]
    ) { Value(try $0[matrix].diagonal(offset: $0[offset])) },
    Builtin(
      "tile", "Lays a tensor next to itself along each axis.",
      details: "Counts belong to the last axes. PyTorch's method `repeat` does the same.",
      searchTerms: ["repeat", "expand"], [x, counts], result: "tensor",
      examples: [Example("tile([1, 2], 2)", "tensor [4] float32\n[1, 2, 1, 2]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].tiled($0.shape(counts))) },
    Builtin(
      "repeat", "Repeats each element in place, as in NumPy.",
      details: "`tile` repeats the whole.", searchTerms: ["repeat_interleave"],
      [x, times, anyAxis], result: "tensor",
      examples: [Example("repeat([1, 2], 2)", "tensor [4] float32\n[1, 1, 2, 2]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].repeated($0[times], axis: $0[anyAxis])) },
    Builtin(
      "roll", "Moves the elements along an axis; what leaves it comes in at its other end.",
      searchTerms: ["shift", "cyclic", "circular"], [x, shift, anyAxis], result: "tensor",
      examples: [Example("roll([1, 2, 3], 1)", "tensor [3] float32\n[3, 1, 2]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].rolled(by: $0[shift], axis: $0[anyAxis])) },
    Builtin(
      "diff", "Computes the differences of neighbours along an axis.",
      searchTerms: ["finite differences", "derivative"], [x, order, lastAxis], result: "tensor",
      examples: [Example("diff([1, 4, 9])", "tensor [2] float32\n[3, 5]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].differences(order: $0[order], axis: $0[lastAxis])) },
    Builtin(
      "meshgrid", "Makes grids of coordinates from the coordinates along each axis.",
      details: """
        Result i varies along axis i only, as in PyTorch (`indexing="ij"`); NumPy's default exchanges \
        the first two axes.
        """,
      searchTerms: ["coordinates", "grid"], [vectors], result: "list of tensors",
      examples: [
        Example(
          "meshgrid([1, 2], [3, 4, 5])[0]", "tensor [2, 3] float32\n[[1, 1, 1],\n [2, 2, 2]]")
      ]
    ) { call in .list(List(try Variable.grids(call[vectors]).map { Value($0) })) },
  ]
}
