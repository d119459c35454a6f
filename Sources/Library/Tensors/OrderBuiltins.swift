import Gradients
import Language
import Tensors

private let x = Argument("x", .reducible, "a tensor or list")
private let axis = Argument("axis", .whole, default: -1, "the axis")
private let k = Argument("k", .whole(0...), "how many")
private let positions = Argument(
  "positions", .bool, default: false, "also gives where each element is among them", named: true)
private let counts = Argument(
  "counts", .bool, default: false, "also gives how often each occurs", named: true)
private let labels = Argument("labels", .labels, "whole numbers, of any shape")
private let classes = Argument("classes", .whole(1...), "the length of the new last axis")
private let counted = Argument("x", .labels, "whole numbers, 0 or more")
private let minlength = Argument(
  "minlength", .whole(0...), default: 0, "the smallest length of the result")
private let bins = Argument("bins", .whole(1...), default: 10, "the number of bins")
private let ends = Argument(
  "range", .optional(.pair("low", "high", of: .number)),
  "the ends of the range; nil takes the smallest and the greatest element")

/// The builtins that sort, rank and count.
func orderBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "sort", "Sorts the elements along an axis in rising order.",
      details: "nan goes last. `sorted` sorts lists.", [x, axis], result: "tensor",
      examples: [Example("sort(tensor([3, 1, 2]))", "tensor [3] float32\n[1, 2, 3]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].sorted(axis: $0[axis])) },
    Builtin(
      "argsort", "Gives the positions that would sort the elements along an axis.",
      details: "Equal elements keep their order.", searchTerms: ["rank", "ranking"],
      [x, axis], result: "int32 tensor",
      examples: [Example("argsort([3, 1, 2])", "tensor [3] int32\n[1, 2, 0]")],
      methodOf: ["tensor"]
    ) { Value(try $0.untracked(x).argsorted(axis: $0[axis])) },
    Builtin(
      "topk", "Gives the greatest elements along an axis and their positions.",
      searchTerms: ["largest"], [x, k, axis], result: "list [values, positions], positions int32",
      examples: [
        Example(
          "let values, at = topk(tensor([3, 1, 2]), 2)\nat", "tensor [2] int32\n[0, 2]")
      ], methodOf: ["tensor"]
    ) { call in
      let (values, positions) = try call[x].topK(call[k], axis: call[axis])
      return .list(List([Value(values), Value(positions)]))
    },
    Builtin(
      "unique", "Gives the distinct elements in rising order.",
      searchTerms: ["distinct", "different", "duplicates"], [x, positions, counts],
      result: "tensor; with positions or counts the list [values, positions, counts] of those",
      examples: [
        Example("unique([3, 1, 3])", "tensor [2] float32\n[1, 3]"),
        Example(
          "let values, counts = unique([3, 1, 3], counts: true)\ncounts",
          "tensor [2] int32\n[1, 2]"),
      ], methodOf: ["tensor"]
    ) { call in
      let found = try call.untracked(x).distinct()
      var parts = [Value(found.values)]
      if try call[positions] { parts.append(Value(found.positions)) }
      if try call[counts] { parts.append(Value(found.counts)) }
      return parts.count == 1 ? parts[0] : .list(List(parts))
    },
    Builtin(
      "nonzero", "Gives the positions of the elements that are true, or not 0.",
      searchTerms: ["argwhere", "indices"], [x], result: "list of int32 tensors, one an axis",
      examples: [
        Example(
          "let rows, columns = nonzero(eye(2))\ncolumns", "tensor [2] int32\n[0, 1]")
      ], methodOf: ["tensor"]
    ) { .list(List(try $0.untracked(x).nonzero().map { Value($0) })) },
    Builtin(
      "one_hot", "Turns labels into rows that are 1 at the label's place and 0 elsewhere.",
      searchTerms: ["categorical", "encoding"], [labels, classes],
      result: "float32 tensor [..., classes]",
      examples: [
        Example("one_hot([2, 0], 3)", "tensor [2, 3] float32\n[[0, 0, 1],\n [1, 0, 0]]")
      ], methodOf: ["tensor"]
    ) { Value(try $0.untracked(labels).oneHot($0[classes])) },
    Builtin(
      "bincount", "Counts how often each whole number occurs.", searchTerms: ["frequency"],
      [counted, minlength], result: "int32 tensor",
      examples: [Example("bincount([0, 2, 2])", "tensor [3] int32\n[1, 0, 2]")],
      methodOf: ["tensor"]
    ) { Value(try $0.untracked(counted).binCount(length: $0[minlength])) },
    Builtin(
      "histogram", "Counts the elements in bins of equal width.",
      details: "The last bin includes its end. hist(x) draws the counts.",
      searchTerms: ["distribution"], [x, bins, ends],
      result: "list [counts, edges], one edge more than counts",
      examples: [
        Example(
          "let counts, edges = histogram([0, 1, 1, 4], bins: 2)\ncounts", "tensor [2] int32\n[3, 1]"
        )
      ], methodOf: ["tensor"]
    ) { call in
      let range = try call[ends]
      let (counts, edges) = try call.untracked(x).histogram(
        bins: call[bins], low: range?.0, high: range?.1)
      return .list(List([Value(counts), Value(edges)]))
    },
  ]
}
