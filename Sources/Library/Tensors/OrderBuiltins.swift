import Gradients
import Host
import Language
import Tensors

private let input = Parameter.required("x", .reducible, "a tensor or list")
private let axisParameter = Parameter.optional("axis", .whole, .number(-1), "the axis")

/// `sort argsort topk unique nonzero one_hot bincount histogram`.
func orderBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "sort", "Sorts the elements along an axis, the least first.",
      details: "nan goes last. sorted() sorts lists.", [input, axisParameter], result: "tensor",
      examples: [Example("sort(tensor([3, 1, 2]))", "tensor [3] float32\n[1, 2, 3]")],
      methodOf: ["tensor"]
    ) { Value(try $0.variable("x").sorted(axis: $0.int("axis"))) },
    Builtin(
      "argsort", "Gives the positions that would sort along an axis.",
      details: "Equal elements keep their order.", [input, axisParameter], result: "int32 tensor",
      examples: [Example("argsort([3, 1, 2])", "tensor [3] int32\n[1, 2, 0]")],
      methodOf: ["tensor"]
    ) { Value(try $0.constant("x").argsorted(axis: $0.int("axis"))) },
    Builtin(
      "topk", "Gives the greatest elements along an axis and their positions.",
      [input, .required("k", .whole, "how many"), axisParameter],
      result: "list [values, positions], positions int32",
      examples: [
        Example(
          "let values, at = topk(tensor([3, 1, 2]), 2)\nat", "tensor [2] int32\n[0, 2]")
      ], methodOf: ["tensor"]
    ) { call in
      let (values, positions) = try call.variable("x").topK(
        call.int("k", minimum: 0), axis: call.int("axis"))
      return .list(List([Value(values), Value(positions)]))
    },
    Builtin(
      "unique", "Gives the different elements in rising order.",
      [
        input,
        .optional(
          "positions", .bool, .bool(false), "also where each element is among them",
          namedOnly: true),
        .optional("counts", .bool, .bool(false), "also how often each occurs", namedOnly: true),
      ], result: "tensor; with positions or counts the list [values, positions, counts] of those",
      examples: [
        Example("unique([3, 1, 3])", "tensor [2] float32\n[1, 3]"),
        Example(
          "let values, counts = unique([3, 1, 3], counts: true)\ncounts",
          "tensor [2] int32\n[1, 2]"),
      ], methodOf: ["tensor"]
    ) { call in
      let found = try call.constant("x").distinct()
      var parts = [Value(found.values)]
      if try call.bool("positions") { parts.append(Value(found.positions)) }
      if try call.bool("counts") { parts.append(Value(found.counts)) }
      return parts.count == 1 ? parts[0] : .list(List(parts))
    },
    Builtin(
      "nonzero", "Gives the positions of the elements that are not 0, or true.",
      [input], result: "list of int32 tensors, one an axis",
      examples: [
        Example(
          "let rows, columns = nonzero(eye(2))\ncolumns", "tensor [2] int32\n[0, 1]")
      ], methodOf: ["tensor"]
    ) { .list(List(try $0.constant("x").nonzero().map { Value($0) })) },
    Builtin(
      "one_hot", "Turns labels into rows with a 1 at the label's place.",
      [
        .required("labels", .reducible, "whole numbers, any shape"),
        .required("classes", .whole, "the length of the new last axis"),
      ], result: "float32 tensor [..., classes]",
      examples: [
        Example("one_hot([2, 0], 3)", "tensor [2, 3] float32\n[[0, 0, 1],\n [1, 0, 0]]")
      ], methodOf: ["tensor"]
    ) { Value(try $0.labels("labels").oneHot($0.int("classes", minimum: 1))) },
    Builtin(
      "bincount", "Counts how often each whole number occurs.",
      [
        .required("x", .reducible, "whole numbers, 0 or more"),
        .optional("minlength", .whole, .number(0), "the least length of the result"),
      ], result: "int32 tensor",
      examples: [Example("bincount([0, 2, 2])", "tensor [3] int32\n[1, 0, 2]")],
      methodOf: ["tensor"]
    ) { Value(try $0.labels("x").binCount(length: $0.int("minlength", minimum: 0))) },
    Builtin(
      "histogram", "Counts the elements in equal parts of a range.",
      details: "The last part includes its end. hist(x) draws the counts.",
      [
        input, .optional("bins", .whole, .number(10), "the number of parts"),
        .optional("range", .list, .nil, "[low, high]; nil is the elements' own range"),
      ], result: "list [counts, edges], one edge more than counts",
      examples: [
        Example(
          "let counts, edges = histogram([0, 1, 1, 4], bins: 2)\ncounts", "tensor [2] int32\n[3, 1]"
        )
      ], methodOf: ["tensor"]
    ) { call in
      var ends: [Double?] = [nil, nil]
      if !call.isNil("range") {
        ends = try call.list("range").map {
          if case .number(let x) = $0 { return x }
          throw call.wrong("range", "[low, high]")
        }
        guard ends.count == 2 else { throw call.wrong("range", "[low, high]") }
      }
      let (counts, edges) = try call.constant("x").histogram(
        bins: call.int("bins", minimum: 1), low: ends[0], high: ends[1])
      return .list(List([Value(counts), Value(edges)]))
    },
  ]
}

extension Call {
  /// Labels: an integer tensor, or whole numbers in a list.
  func labels(_ name: String) throws -> Tensor {
    if case .object = self[name] { return try constant(name) }
    let numbers = try TensorObject.tensorOf(self[name], builtin.name, .float64).value
    guard numbers.dtype.isFloating else { return numbers }
    guard try Tensor.apply(.equal, numbers, numbers.mapped(.floor)).all().element(0) != 0 else {
      throw wrong(name, "whole numbers")
    }
    return try numbers.cast(to: .int32)
  }
}
