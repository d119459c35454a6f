import Glibc
import Gradients
import Language
import Tensors

private let x = Argument("x", .operand, "a tensor, number or list")
private let a = Argument("a", .operand, "a tensor, number or list")
private let b = Argument("b", .operand, "a tensor, number or list")
private let low = Argument("low", .optional(.number), "the lower bound; nil for none")
private let high = Argument("high", .optional(.number), "the upper bound; nil for none")
private let mask = Argument("mask", .numeric, "a bool tensor")
private let whereTrue = Argument("a", .operand, "the elements where the mask is true")
private let whereFalse = Argument("b", .operand, "the elements where the mask is false")
private let firstMask = Argument("a", .numeric, "a bool tensor, bool or list of bools")
private let secondMask = Argument("b", .numeric, "a bool tensor, bool or list of bools")

/// The element-wise functions.
func elementBuiltins(_ library: Library) -> [Builtin] {
  [
    unary(
      "exp", .exp, "Raises e to the power of each element.", Example("exp(0)", "1"),
      searchTerms: ["exponential"], Glibc.exp),
    unary(
      "log", .log, "Takes the natural logarithm of each element.", Example("log(1)", "0"),
      searchTerms: ["ln"], Glibc.log),
    unary(
      "sqrt", .sqrt, "Takes the square root of each element.",
      Example("sqrt(tensor([4, 9]))", "tensor [2] float32\n[2, 3]"), { $0.squareRoot() }),
    unary(
      "abs", .abs, "Takes the absolute value of each element.", Example("abs(-3)", "3"),
      searchTerms: ["magnitude"], { $0.magnitude }),
    unary(
      "sign", .sign, "Gives -1, 0 or 1 as each element is below, at or above 0.",
      Example("sign(tensor([-2, 0, 5]))", "tensor [3] float32\n[-1, 0, 1]"),
      { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }),
    unary(
      "sin", .sin, "Takes the sine of each element, in radians.", Example("sin(0)", "0"), Glibc.sin),
    unary(
      "cos", .cos, "Takes the cosine of each element, in radians.", Example("cos(0)", "1"),
      Glibc.cos),
    unary(
      "tan", .tan, "Takes the tangent of each element, in radians.", Example("tan(0)", "0"),
      Glibc.tan),
    unary(
      "erf", .erf, "Takes the error function of each element.", Example("erf(0)", "0"),
      searchTerms: ["Gaussian", "normal distribution"], Glibc.erf),
    unary(
      "tanh", .tanh, "Takes the hyperbolic tangent of each element.", Example("tanh(0)", "0"),
      searchTerms: ["activation"], Glibc.tanh),
    unary(
      "sigmoid", .sigmoid, "Applies the logistic function 1 / (1 + e^-x) to each element.",
      Example("sigmoid(0)", "0.5"), searchTerms: ["activation"], { 1 / (1 + Glibc.exp(-$0)) }),
    unary(
      "log2", .log2, "Takes the logarithm to base 2 of each element.", Example("log2(8)", "3"),
      Glibc.log2),
    unary(
      "log10", .log10, "Takes the logarithm to base 10 of each element.",
      Example("log10(1000)", "3"), Glibc.log10),
    unary(
      "log1p", .log1p, "Computes log(1 + x) of each element, accurate near 0.",
      Example("log1p(1e-20)", "1e-20"), Glibc.log1p),
    unary(
      "expm1", .expm1, "Computes e^x - 1 of each element, accurate near 0.",
      Example("expm1(1e-20)", "1e-20"), Glibc.expm1),
    question(
      "isnan", .isnan, "Tells for each element whether it is nan.", "[false, true, false]"
    ) { $0.isNaN },
    question(
      "isinf", .isinf, "Tells for each element whether it is infinite.", "[false, false, true]"
    ) { $0.isInfinite },
    question(
      "isfinite", .isfinite, "Tells for each element whether it is neither infinite nor nan.",
      "[true, false, false]"
    ) { $0.isFinite },
    Builtin(
      "clip", "Limits each element to a range.",
      details: "The gradient is 0 where an element lies outside.", searchTerms: ["clamp"],
      [x, low, high], result: "tensor or number",
      examples: [
        Example("clip(tensor([-1, 0.5, 3]), 0, 1)", "tensor [3] float32\n[0.0, 0.5, 1.0]"),
        Example("clip(-2, low: 0)", "0"),
      ], methodOf: ["tensor"]
    ) { call in
      let (low, high) = (try call[low], try call[high])
      switch try call[x] {
      case .number(let x):
        return .number(try Tensor(scalar: x).clipped(low: low, high: high).element(0))
      case .tensor(let x): return Value(try x.clipped(low: low, high: high))
      }
    },
    pair(
      "add", .add, "Adds each pair of elements: a + b.",
      Example("add(tensor([1, 2]), 3)", "tensor [2] float32\n[4, 5]"),
      details: "Shapes are broadcast. In a `graph` it adds what a node takes, of one shape.",
      { $0 + $1 }),
    pair(
      "multiply", .multiply, "Multiplies each pair of elements: a * b.",
      Example("multiply(2, 3)", "6"),
      details: "Shapes are broadcast. In a `graph` it multiplies what a node takes.", { $0 * $1 }),
    pair(
      "atan2", .atan2, "Takes the angle of the point (b, a), from -π to π.",
      Example("atan2(0, 1)", "0"),
      details: "atan2(y, x) is the angle of (x, y) with the x axis. Shapes are broadcast.",
      Glibc.atan2),
    pair(
      "maximum", .maximum, "Takes the greater of each pair of elements.",
      Example("maximum(tensor([1, 5]), 3)", "tensor [2] float32\n[3, 5]"),
      { $0 > $1 || $0 != $0 ? $0 : $1 }),
    pair(
      "minimum", .minimum, "Takes the smaller of each pair of elements.",
      Example("minimum(2, 3)", "2"), { $0 < $1 || $0 != $0 ? $0 : $1 }),
    Builtin(
      "where", "Takes each element from one of two tensors, as a mask says.",
      searchTerms: ["select", "condition"], [mask, whereTrue, whereFalse], result: "tensor",
      examples: [
        Example("let x = tensor([-1, 2])\nwhere(x > 0, x, 0)", "tensor [2] float32\n[0, 2]")
      ], methodOf: ["tensor"]
    ) { call in
      let (yes, no) = (try call[whereTrue], try call[whereFalse])
      var (a, b) = (try yes.variable, try no.variable)
      // A number is converted to the element type of the other operand.
      if case .number(let x) = yes, x == x.rounded() || b.dtype.isFloating {
        a = Variable(try Tensor(scalar: x).cast(to: b.dtype))
      }
      if case .number(let x) = no, x == x.rounded() || a.dtype.isFloating {
        b = Variable(try Tensor(scalar: x).cast(to: a.dtype))
      }
      return Value(try Variable.choose(call.untracked(mask), a, b))
    },
    logical(
      "logical_and", .logicalAnd, "Tells where both of two masks are true.", "[false, true]"),
    logical(
      "logical_or", .logicalOr, "Tells where at least one of two masks is true.", "[true, true]"),
    Builtin(
      "logical_not", "Inverts a mask.", [mask], result: "bool tensor",
      examples: [
        Example("logical_not(tensor([true, false]))", "tensor [2] bool\n[false, true]")
      ], methodOf: ["tensor"]
    ) { Value(try $0.untracked(mask).logicalNot()) },
  ]
}

/// Declares a function of one number, which is applied to each element of a tensor.
func unary(
  _ name: String, _ operation: Tensor.UnaryOperation, _ summary: String, _ example: Example,
  searchTerms: [String] = [], result: String = "tensor, or number of a number",
  of input: Argument<Operand> = x, _ number: @escaping @Sendable (Double) -> Double
) -> Builtin {
  Builtin(
    name, summary, searchTerms: searchTerms, [input], result: result, examples: [example],
    methodOf: ["tensor"], numeric: number
  ) { try $0[input].mapped(operation) { .number(number($0)) } }
}

private func question(
  _ name: String, _ operation: Tensor.UnaryOperation, _ summary: String, _ result: String,
  _ answer: @escaping @Sendable (Double) -> Bool
) -> Builtin {
  Builtin(
    name, summary, [x], result: "bool tensor or bool",
    examples: [Example("\(name)(tensor([1, nan, inf]))", "tensor [3] bool\n\(result)")],
    methodOf: ["tensor"],
    direct: { values in
      guard values.count == 1, let x = values.number(0) else { return nil }
      return .bool(answer(x))
    }
  ) { try $0[x].mapped(operation) { .bool(answer($0)) } }
}

private func pair(
  _ name: String, _ operation: Tensor.BinaryOperation, _ summary: String, _ example: Example,
  details: String = "Shapes are broadcast. The result is nan where either element is.",
  _ number: @escaping @Sendable (Double, Double) -> Double
) -> Builtin {
  Builtin(
    name, summary, details: details, [a, b],
    result: "tensor, or number of two numbers", examples: [example], methodOf: ["tensor"],
    direct: { values in
      guard values.count == 2, let a = values.number(0), let b = values.number(1) else {
        return nil
      }
      return .number(number(a, b))
    }
  ) { call in
    let (a, b) = (try call[a], try call[b])
    if case (.number(let a), .number(let b)) = (a, b) { return .number(number(a, b)) }
    return try Operand.apply(operation, a, b).map { Value($0) } ?? .nil
  }
}

private func logical(
  _ name: String, _ operation: Tensor.BinaryOperation, _ summary: String, _ result: String
) -> Builtin {
  Builtin(
    name, summary, [firstMask, secondMask], result: "bool tensor",
    examples: [
      Example("\(name)(tensor([true, true]), tensor([false, true]))", "tensor [2] bool\n\(result)")
    ], methodOf: ["tensor"]
  ) { Value(try Tensor.apply(operation, $0.untracked(firstMask), $0.untracked(secondMask))) }
}
