import Gradients
import Host
import Language
import Tensors

private let axisParameter = Parameter.optional(
  "axis", .axes, .nil, "the axis or list of axes to reduce, negative from the last; nil is all")
private let keepParameter = Parameter.optional(
  "keepdims", .bool, .bool(false), "leave reduced axes with size 1", namedOnly: true)

/// `sum mean var std median quantile min max argmin argmax any all prod cumsum norm`.
func reducingBuiltins(_ library: Library) -> [Builtin] {
  [
    reducing(
      "sum", "Adds up the elements.",
      "Of bool and integer tensors int32, an error where it does not fit.",
      [
        Example("sum(tensor([[1, 2], [3, 4]]), axis: 0)", "tensor [2] float32\n[4, 6]"),
        Example("sum([0.5, 0.25])", "0.75"),
      ]
    ) { try $0.sum(axes: $1, keepDims: $2) },
    reducing(
      "mean", "Takes the mean of the elements.", "Never integer; nan of no elements.",
      [Example("mean([1, 2])", "1.5")]
    ) { try $0.mean(axes: $1, keepDims: $2) },
    spread(
      "var", "Takes the variance of the elements: the mean squared distance from their mean.",
      Example("var([1, 3])", "1")
    ) { try $0.variance(axes: $1, keepDims: $2, correction: $3) },
    spread(
      "std", "Takes the standard deviation of the elements, the root of the variance.",
      Example("std([1, 3])", "1")
    ) { try $0.standardDeviation(axes: $1, keepDims: $2, correction: $3) },
    reducing(
      "median", "Takes the middle element, or the mean of the two in the middle.",
      "Never integer; nan if there is one.", [Example("median([5, 1, 2, 9])", "3.5")]
    ) { try $0.median(axes: $1, keepDims: $2) },
    Builtin(
      "quantile", "Takes the number below which a fraction of the elements lies.",
      details: "Between two neighbours in proportion. Never integer; nan if there is one.",
      [
        .required("x", .reducible, "a tensor or list"),
        .required(
          "q", .number | .reducible, "the fraction, 0 to 1, or several: a new first axis"),
        axisParameter, keepParameter,
      ], result: "tensor; of a list of numbers and one fraction a number",
      examples: [
        Example("quantile([1, 2, 3, 4], 0.25)", "1.75"),
        Example("quantile(arange(5), [0, 0.5, 1])", "tensor [3] float32\n[0, 2, 4]"),
      ], methodOf: ["tensor"]
    ) { call in
      let fractions = try call.constant("q").cast(to: .float64)
      guard fractions.rank > 0 else {
        return try reduced(call) {
          try $0.quantiles([fractions.element(0)], axes: $1, keepDims: $2)[0]
        }
      }
      return Value(
        try Variable.stack(
          call.variable("x").quantiles(
            fractions.array(Double.self), axes: call.axes("axis"), keepDims: call.bool("keepdims")
          )))
    },
    reducing(
      "min", "Takes the least element.", "nan if there is one. minimum(a, b) compares two.",
      [Example("min([3, 1, 2])", "1")], hint: "minimum(a, b) gives the lesser of two"
    ) { try $0.least(axes: $1, keepDims: $2) },
    reducing(
      "max", "Takes the greatest element.", "nan if there is one. maximum(a, b) compares two.",
      [
        Example("max(tensor([[1, 5], [7, 2]]), axis: 1)", "tensor [2] float32\n[5, 7]"),
        Example("max([3, 1, 2])", "3"),
      ], hint: "maximum(a, b) gives the greater of two"
    ) { try $0.greatest(axes: $1, keepDims: $2) },
    reducing("prod", "Multiplies the elements.", "", [Example("prod([2, 3, 4])", "24")]) {
      try $0.prod(axes: $1, keepDims: $2)
    },
    reducing(
      "norm", "Takes the Euclidean norm: the root of the sum of squares.", "",
      [Example("norm([3, 4])", "5")]
    ) { try $0.norm(axes: $1, keepDims: $2) },
    reducing(
      "any", "Says whether any element is true, or not 0.", "",
      [Example("any([false, true])", "true")]
    ) { Variable(try $0.cut(by: "any").any(axes: $1, keepDims: $2)) },
    reducing(
      "all", "Says whether all elements are true, or not 0.", "",
      [Example("all(ones(3) > 0)", "true")]
    ) { Variable(try $0.cut(by: "all").all(axes: $1, keepDims: $2)) },
    place("argmin", "Gives the position of the least element.", "1") {
      try $0.argmin(axis: $1, keepDims: $2)
    },
    place("argmax", "Gives the position of the greatest element.", "0") {
      try $0.argmax(axis: $1, keepDims: $2)
    },
    Builtin(
      "cumsum", "Gives the running sums along an axis.",
      [
        .required("x", .reducible, "a tensor or list"),
        .optional("axis", .whole, .nil, "the axis; nil takes all elements in a row"),
      ], result: "tensor",
      examples: [Example("cumsum([1, 2, 3])", "tensor [3] float32\n[1, 3, 6]")],
      methodOf: ["tensor"]
    ) { Value(try $0.variable("x").cumulativeSum(axis: $0.axis("axis"))) },
  ]
}

private typealias Reducer = (Variable, [Int]?, Bool) throws -> Variable

/// A list of numbers gives a number, computed in float64; of bools, where the answer is one, a bool.
private func reduced(_ call: Call, _ reduce: Reducer) throws -> Value {
  let axes = try call.axes("axis")
  let keep = try call.bool("keepdims")
  if case .object = call["x"] {
    return Value(try reduce(call.variable("x"), axes, keep))
  }
  let x = try TensorObject.tensorOf(call["x"], call.builtin.name, .float64)
  let isFlat = x.value.rank == 1 && axes == nil && !keep && !x.isTracked
  guard isFlat, !call.holdsTensors("x") else {
    return Value(try reduce(call.variable("x"), axes, keep))
  }
  let result = try reduce(x, nil, false).value
  return result.dtype == .bool ? .bool(result.element(0) != 0) : .number(result.element(0))
}

extension Call {
  /// Whether a list has tensors among its items.
  fileprivate func holdsTensors(_ name: String) -> Bool {
    guard case .list(let list) = self[name] else { return false }
    return list.items.contains { if case .object = $0 { true } else { false } }
  }
}

private func reducing(
  _ name: String, _ summary: String, _ details: String, _ examples: [Example],
  hint: String? = nil, _ reduce: @escaping Reducer
) -> Builtin {
  Builtin(
    name, summary, details: details,
    [.required("x", .reducible, "a tensor or list", hint: hint), axisParameter, keepParameter],
    result: "tensor; of a list of numbers a number", examples: examples, methodOf: ["tensor"]
  ) { try reduced($0, reduce) }
}

private func spread(
  _ name: String, _ summary: String, _ example: Example,
  _ reduce: @escaping (Variable, [Int]?, Bool, Double) throws -> Variable
) -> Builtin {
  Builtin(
    name, summary, details: "Never integer.",
    [
      .required("x", .reducible, "a tensor or list"), axisParameter, keepParameter,
      .optional(
        "ddof", .number, .number(0),
        "what is taken off the count that is divided by; 1 for a sample",
        namedOnly: true),
    ], result: "tensor; of a list of numbers a number", examples: [example], methodOf: ["tensor"]
  ) { call in
    let correction = try call.number("ddof")
    return try reduced(call) { try reduce($0, $1, $2, correction) }
  }
}

private func place(
  _ name: String, _ summary: String, _ result: String,
  _ find: @escaping (Tensor, Int?, Bool) throws -> Tensor
) -> Builtin {
  Builtin(
    name, summary,
    details: "The first of equal ones; the first nan if there is one.",
    [
      .required("x", .reducible, "a tensor or list"),
      .optional("axis", .whole, .nil, "the axis; nil counts through all elements"), keepParameter,
    ], result: "int32 tensor; of a list of numbers a number",
    examples: [Example("\(name)([3, 1, 2])", result)], methodOf: ["tensor"]
  ) { call in
    try reduced(call) { x, axes, keep in
      Variable(try find(x.cut(by: name), axes?.first, keep))
    }
  }
}
