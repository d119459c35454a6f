import Glibc
import Gradients
import Host
import Language
import Tensors

/// Functions that go element by element: `exp` to `sigmoid`, `clip`, `maximum`, `minimum`, `where`,
/// `isnan` and the logical ones.
func elementBuiltins(_ library: Library) -> [Builtin] {
  [
    unary("exp", .exp, "Raises e to each element.", Example("exp(0)", "1"), Glibc.exp),
    unary(
      "log", .log, "Takes the natural logarithm of each element.", Example("log(1)", "0"), Glibc.log
    ),
    unary(
      "sqrt", .sqrt, "Takes the square root of each element.",
      Example("sqrt(tensor([4, 9]))", "tensor [2] float32\n[2, 3]"), { $0.squareRoot() }),
    unary(
      "abs", .abs, "Takes the absolute value of each element.", Example("abs(-3)", "3"),
      { $0.magnitude }),
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
      "tanh", .tanh, "Takes the hyperbolic tangent of each element.", Example("tanh(0)", "0"),
      Glibc.tanh),
    unary(
      "sigmoid", .sigmoid, "Takes the logistic function 1 / (1 + e^-x) of each element.",
      Example("sigmoid(0)", "0.5"), { 1 / (1 + Glibc.exp(-$0)) }),
    unary(
      "log2", .log2, "Takes the logarithm to the base 2 of each element.", Example("log2(8)", "3"),
      Glibc.log2),
    unary(
      "log10", .log10, "Takes the logarithm to the base 10 of each element.",
      Example("log10(1000)", "3"), Glibc.log10),
    unary(
      "log1p", .log1p, "Takes log(1 + x) of each element, exact for small ones.",
      Example("log1p(1e-20)", "1e-20"), Glibc.log1p),
    unary(
      "expm1", .expm1, "Takes e^x - 1 of each element, exact for small ones.",
      Example("expm1(1e-20)", "1e-20"), Glibc.expm1),
    question(
      "isnan", .isnan, "Says of each element whether it is not a number.", "[false, true, false]"
    ) { $0.isNaN },
    question(
      "isinf", .isinf, "Says of each element whether it is infinite.", "[false, false, true]"
    ) { $0.isInfinite },
    question(
      "isfinite", .isfinite, "Says of each element whether it is neither infinite nor nan.",
      "[true, false, false]"
    ) { $0.isFinite },
    Builtin(
      "clip", "Holds each element within two bounds.",
      details: "The gradient is 0 where an element lies outside.",
      [
        .required("x", .numeric, "a tensor, number or list"),
        .required("low", .number | .none, "the least; nil for none"),
        .required("high", .number | .none, "the greatest; nil for none"),
      ], result: "tensor or number",
      examples: [
        Example("clip(tensor([-1, 0.5, 3]), 0, 1)", "tensor [3] float32\n[0.0, 0.5, 1.0]")
      ], methodOf: ["tensor"]
    ) { call in
      let low = call.isNil("low") ? nil : try call.number("low")
      let high = call.isNil("high") ? nil : try call.number("high")
      if case .number(let x) = call["x"] {
        return .number(try Tensor(scalar: x).clipped(low: low, high: high).element(0))
      }
      return Value(try call.variable("x").clipped(low: low, high: high))
    },
    pair(
      "maximum", .maximum, "Takes the greater of each two elements.",
      Example("maximum(tensor([1, 5]), 3)", "tensor [2] float32\n[3, 5]"),
      { $0 > $1 || $0 != $0 ? $0 : $1 }),
    pair(
      "minimum", .minimum, "Takes the lesser of each two elements.",
      Example("minimum(2, 3)", "2"), { $0 < $1 || $0 != $0 ? $0 : $1 }),
    Builtin(
      "where", "Takes each element from the one or the other as a mask says.",
      [
        .required("mask", .numeric, "a bool tensor"),
        .required("a", .numeric, "taken where the mask is true"),
        .required("b", .numeric, "taken where it is false"),
      ], result: "tensor",
      examples: [
        Example("let x = tensor([-1, 2])\nwhere(x > 0, x, 0)", "tensor [2] float32\n[0, 2]")
      ], methodOf: ["tensor"]
    ) { call in
      let mask = try call.constant("mask")
      var (a, b) = (try call.variable("a"), try call.variable("b"))
      // A number takes the other side's type.
      if case .number(let x) = call["a"], x == x.rounded() || b.dtype.isFloating {
        a = Variable(try Tensor(scalar: x).cast(to: b.dtype))
      }
      if case .number(let x) = call["b"], x == x.rounded() || a.dtype.isFloating {
        b = Variable(try Tensor(scalar: x).cast(to: a.dtype))
      }
      return Value(try Variable.choose(mask, a, b))
    },
    logical("logical_and", .logicalAnd, "Says where two masks are both true.", "[false, true]"),
    logical("logical_or", .logicalOr, "Says where either of two masks is true.", "[true, true]"),
    Builtin(
      "logical_not", "Turns a mask around.",
      [.required("mask", .numeric, "a bool tensor")], result: "bool tensor",
      examples: [
        Example("logical_not(tensor([true, false]))", "tensor [2] bool\n[false, true]")
      ], methodOf: ["tensor"]
    ) { Value(try $0.constant("mask").logicalNot()) },
  ]
}

private func unary(
  _ name: String, _ operation: Tensor.UnaryOperation, _ summary: String, _ example: Example,
  _ number: @escaping @Sendable (Double) -> Double
) -> Builtin {
  Builtin(
    name, summary, [.required("x", .numeric, "a tensor, number or list")],
    result: "tensor, or number of a number", examples: [example], methodOf: ["tensor"],
    numeric: number
  ) { call in
    if case .number(let x) = call["x"] { return .number(number(x)) }
    return Value(try call.variable("x").mapped(operation))
  }
}

private func question(
  _ name: String, _ operation: Tensor.UnaryOperation, _ summary: String, _ result: String,
  _ answer: @escaping (Double) -> Bool
) -> Builtin {
  Builtin(
    name, summary, [.required("x", .numeric, "a tensor, number or list")],
    result: "bool tensor or bool",
    examples: [Example("\(name)(tensor([1, nan, inf]))", "tensor [3] bool\n\(result)")],
    methodOf: ["tensor"]
  ) { call in
    if case .number(let x) = call["x"] { return .bool(answer(x)) }
    return Value(try call.variable("x").mapped(operation))
  }
}

private func pair(
  _ name: String, _ operation: Tensor.BinaryOperation, _ summary: String, _ example: Example,
  _ number: @escaping (Double, Double) -> Double
) -> Builtin {
  Builtin(
    name, summary,
    details: "Shapes are broadcast. Where either is nan the result is.",
    [
      .required("a", .numeric, "a tensor, number or list"),
      .required("b", .numeric, "a tensor, number or list"),
    ], result: "tensor, or number of two numbers", examples: [example], methodOf: ["tensor"]
  ) { call in
    switch (call["a"], call["b"]) {
    case (.number(let a), .number(let b)): return .number(number(a, b))
    case (.number(let a), _): return Value(try Variable.apply(operation, a, call.variable("b")))
    case (_, .number(let b)): return Value(try Variable.apply(operation, call.variable("a"), b))
    default: return Value(try Variable.apply(operation, call.variable("a"), call.variable("b")))
    }
  }
}

private func logical(
  _ name: String, _ operation: Tensor.BinaryOperation, _ summary: String, _ result: String
) -> Builtin {
  Builtin(
    name, summary,
    [
      .required("a", .numeric, "a bool tensor, bool or list of bools"),
      .required("b", .numeric, "a bool tensor, bool or list of bools"),
    ], result: "bool tensor",
    examples: [
      Example("\(name)(tensor([true, true]), tensor([false, true]))", "tensor [2] bool\n\(result)")
    ], methodOf: ["tensor"]
  ) { Value(try Tensor.apply(operation, $0.constant("a"), $0.constant("b"))) }
}
