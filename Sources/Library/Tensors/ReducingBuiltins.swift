import Gradients
import Language
import Tensors

private let x = Argument("x", .reducible, "a tensor or list")
private let xOfMin = Argument(
  "x", .reducible, "a tensor or list", hint: "minimum(a, b) gives the smaller of two")
private let xOfMax = Argument(
  "x", .reducible, "a tensor or list", hint: "maximum(a, b) gives the greater of two")
private let axis = Argument(
  "axis", .optional(.axes),
  "the axis or axes to reduce, negative ones counted from the last; nil is all")
private let oneAxis = Argument(
  "axis", .optional(.whole), "the axis; nil takes all elements in one row")
private let keepdims = Argument(
  "keepdims", .bool, default: false, "whether reduced axes stay, with size 1", named: true)
private let ddof = Argument(
  "ddof", .number, default: 0,
  "what is subtracted from the count that the sum is divided by; 1 for a sample", named: true)
private let fractions = Argument(
  "q", .made(of: .number | .reducible),
  "the fraction from 0 to 1, or several, which become a new first axis")

/// Reductions over all elements or along axes, such as sums, means and extrema.
func reducingBuiltins(_ library: Library) -> [Builtin] {
  [
    reducing(
      "sum", "Adds up the elements.",
      "The sum of a bool or integer tensor is int32; a sum that does not fit is an error.",
      [
        Example("sum(tensor([[1, 2], [3, 4]]), axis: 0)", "tensor [2] float32\n[4, 6]"),
        Example("sum([0.5, 0.25])", "0.75"),
      ]
    ) { try $0.sum(axes: $1, keepDims: $2) },
    reducing(
      "mean", "Takes the mean of the elements.",
      "The result is always floating; the mean of no elements is nan.",
      [Example("mean([1, 2])", "1.5")], searchTerms: ["average"]
    ) { try $0.mean(axes: $1, keepDims: $2) },
    spread(
      "var", "Takes the variance of the elements: the mean squared distance from their mean.",
      Example("var([1, 3])", "1"), searchTerms: ["variance"]
    ) { try $0.variance(axes: $1, keepDims: $2, correction: $3) },
    spread(
      "std", "Takes the standard deviation of the elements, the square root of the variance.",
      Example("std([1, 3])", "1"), searchTerms: ["sd"]
    ) { try $0.standardDeviation(axes: $1, keepDims: $2, correction: $3) },
    reducing(
      "median", "Takes the middle element, or the mean of the two in the middle.",
      "The result is always floating, and nan if any element is.",
      [Example("median([5, 1, 2, 9])", "3.5")]
    ) { try $0.median(axes: $1, keepDims: $2) },
    Builtin(
      "quantile", "Takes the number below which a fraction of the elements lies.",
      details: """
        Between two elements it interpolates linearly. The result is always floating, and nan if any \
        element is.
        """,
      searchTerms: ["percentile"], [x, fractions, axis, keepdims],
      result: "tensor; of a list of numbers and one fraction a number",
      examples: [
        Example("quantile([1, 2, 3, 4], 0.25)", "1.75"),
        Example("quantile(arange(5), [0, 0.5, 1])", "tensor [3] float32\n[0, 2, 4]"),
      ], methodOf: ["tensor"]
    ) { call in
      let fractions = try call.untracked(fractions).cast(to: .float64)
      guard fractions.rank > 0 else {
        return try reduced(call, x, along: call[axis]) {
          try $0.quantiles([fractions.element(0)], axes: $1, keepDims: $2)[0]
        }
      }
      return Value(
        try Variable.stack(
          call[x].quantiles(
            fractions.array(Double.self), axes: call[axis], keepDims: call[keepdims])))
    },
    reducing(
      "min", "Takes the smallest element.",
      "The result is nan if any element is. minimum(a, b) compares two.",
      [Example("min([3, 1, 2])", "1")], of: xOfMin
    ) { try $0.least(axes: $1, keepDims: $2) },
    reducing(
      "max", "Takes the greatest element.",
      "The result is nan if any element is. maximum(a, b) compares two.",
      [
        Example("max(tensor([[1, 5], [7, 2]]), axis: 1)", "tensor [2] float32\n[5, 7]"),
        Example("max([3, 1, 2])", "3"),
      ], of: xOfMax
    ) { try $0.greatest(axes: $1, keepDims: $2) },
    reducing(
      "prod", "Multiplies the elements.", "", [Example("prod([2, 3, 4])", "24")],
      searchTerms: ["product"]
    ) { try $0.prod(axes: $1, keepDims: $2) },
    reducing(
      "norm", "Takes the Euclidean norm: the square root of the sum of squares.", "",
      [Example("norm([3, 4])", "5")], searchTerms: ["L2", "length", "magnitude"]
    ) { try $0.norm(axes: $1, keepDims: $2) },
    reducing(
      "any", "Tells whether any element is true, or not 0.", "",
      [Example("any([false, true])", "true")]
    ) { Variable(try $0.cut(by: "any").any(axes: $1, keepDims: $2)) },
    reducing(
      "all", "Tells whether all elements are true, or not 0.", "",
      [Example("all(ones(3) > 0)", "true")]
    ) { Variable(try $0.cut(by: "all").all(axes: $1, keepDims: $2)) },
    place("argmin", "Gives the position of the smallest element.", "1") {
      try $0.argmin(axis: $1, keepDims: $2)
    },
    place("argmax", "Gives the position of the greatest element.", "0") {
      try $0.argmax(axis: $1, keepDims: $2)
    },
    Builtin(
      "cumsum", "Computes the running sums along an axis.", searchTerms: ["cumulative sum"],
      [x, oneAxis], result: "tensor",
      examples: [Example("cumsum([1, 2, 3])", "tensor [3] float32\n[1, 3, 6]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].cumulativeSum(axis: $0[oneAxis])) },
    Builtin(
      "cumprod", "Computes the running products along an axis.",
      searchTerms: ["cumulative product"], [x, oneAxis], result: "tensor",
      examples: [Example("cumprod([1, 2, 3])", "tensor [3] float32\n[1, 2, 6]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].cumulativeProduct(axis: $0[oneAxis])) },
  ]
}

private let plainItem = ParameterType.number | .bool

private typealias Reducer = (Variable, [Int]?, Bool) throws -> Variable

/// Reduces a list of numbers or bools to a number or bool if no axis is given, and any other value
/// to a tensor.
private func reduced(
  _ call: Call, _ input: Argument<Variable>, along axes: [Int]?, _ reduce: Reducer
) throws -> Value {
  let keep = try call[keepdims]
  guard axes == nil, !keep, let numbers = try plain(call.values[0]) else {
    return Value(try reduce(call[input], axes, keep))
  }
  let result = try reduce(Variable(numbers), nil, false).value
  return result.dtype == .bool ? .bool(result.element(0) != 0) : .number(result.element(0))
}

/// Returns a range, or a list of only numbers or only bools, as a tensor, with numbers as float64;
/// nil for any other value.
private func plain(_ value: Value) throws -> Tensor? {
  switch value {
  case .list(let list) where !list.items.allSatisfy(plainItem.accepts): return nil
  case .list, .range: return try TensorObject.tensorOf(value, .float64).value
  default: return nil
  }
}

private func reducing(
  _ name: String, _ summary: String, _ details: String, _ examples: [Example],
  searchTerms: [String] = [], of input: Argument<Variable> = x, _ reduce: @escaping Reducer
) -> Builtin {
  Builtin(
    name, summary, details: details, searchTerms: searchTerms, [input, axis, keepdims],
    result: "tensor; of a list of numbers a number", examples: examples, methodOf: ["tensor"]
  ) { try reduced($0, input, along: $0[axis], reduce) }
}

private func spread(
  _ name: String, _ summary: String, _ example: Example, searchTerms: [String],
  _ reduce: @escaping (Variable, [Int]?, Bool, Double) throws -> Variable
) -> Builtin {
  Builtin(
    name, summary, details: "The result is always floating.", searchTerms: searchTerms,
    [x, axis, keepdims, ddof], result: "tensor; of a list of numbers a number",
    examples: [example], methodOf: ["tensor"]
  ) { call in
    let correction = try call[ddof]
    return try reduced(call, x, along: call[axis]) { try reduce($0, $1, $2, correction) }
  }
}

private func place(
  _ name: String, _ summary: String, _ result: String,
  _ find: @escaping (Tensor, Int?, Bool) throws -> Tensor
) -> Builtin {
  Builtin(
    name, summary,
    details: "Of equal elements it is the first; if there is a nan, the first nan.",
    [x, oneAxis, keepdims], result: "int32 tensor; of a list of numbers a number",
    examples: [Example("\(name)([3, 1, 2])", result)], methodOf: ["tensor"]
  ) { call in
    try reduced(call, x, along: call[oneAxis].map { [$0] }) { x, axes, keep in
      Variable(try find(x.cut(by: name), axes?.first, keep))
    }
  }
}
