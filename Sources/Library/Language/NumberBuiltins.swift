import Glibc
import Gradients
import Language
import Tensors

private let x = Argument("x", .operand, "a number, tensor or list")
private let digits = Argument(
  "digits", .whole(-300...300), default: 0, "how many digits after the decimal point are kept")

private let rounded = "number, or tensor of the same type"

/// The builtins that round numbers and the elements of a tensor.
func numberBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "round", "Rounds to the nearest whole number, halves to the even one.",
      details: "With `digits` it rounds to that many digits after the decimal point.", [x, digits],
      result: rounded,
      examples: [
        Example("round(2.5)", "2"), Example("round(3.14159, 2)", "3.14"),
        Example("round(tensor([0.5, 1.5, -2.7]))", "tensor [3] float32\n[0, 2, -3]"),
      ], methodOf: ["tensor"],
      direct: { values in
        guard values.count == 1, let x = values.number(0) else { return nil }
        return .number(x.rounded(.toNearestOrEven))
      }
    ) { call in
      let digits = try call[digits]
      switch try call[x] {
      case .tensor(let x): return Value(try x.cut(by: "round").rounded(digits: digits))
      case .number(let x) where digits == 0 || !x.isFinite:
        return .number(x.rounded(.toNearestOrEven))
      case .number(let x) where digits > 0:
        // Rounds as `printf` does, by the exact decimal expansion of the number.
        let text = try Value.number(x).formatted(".\(digits)f")
        return .number(Double(text) ?? x)
      case .number(let x):
        let scale = pow(10.0, Double(-digits))
        return .number((x / scale).rounded(.toNearestOrEven) * scale)
      }
    },
    unary(
      "floor", .floor, "Rounds down.", Example("floor(-1.5)", "-2"), result: rounded, of: x
    ) { $0.rounded(.down) },
    unary(
      "ceil", .ceil, "Rounds up.", Example("ceil(1.2)", "2"), result: rounded, of: x
    ) { $0.rounded(.up) },
  ]
}
