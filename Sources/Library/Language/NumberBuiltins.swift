import Glibc
import Gradients
import Language
import Tensors

/// Rounding, of numbers and of a tensor's elements.
func numberBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "round", "Rounds to whole numbers, halves to the even neighbour.",
      [
        .required("x", .numeric, "a number, tensor or list"),
        .optional("digits", .whole, .number(0), "digits after the point, -300 to 300"),
      ],
      result: "number, or tensor of the same type",
      examples: [
        Example("round(2.5)", "2"), Example("round(3.14159, 2)", "3.14"),
        Example("round(tensor([0.5, 1.5, -2.7]))", "tensor [3] float32\n[0, 2, -3]"),
      ], methodOf: ["tensor"]
    ) { call in
      let digits = try call.int("digits")
      guard digits.magnitude <= 300 else { throw call.wrong("digits", "from -300 to 300") }
      guard case .number(let x) = call["x"] else {
        return Value(try call.constant("x").rounded(digits: digits))
      }
      if digits == 0 || !x.isFinite { return .number(x.rounded(.toNearestOrEven)) }
      // As `printf` rounds: by the number's exact decimal expansion.
      if digits > 0 {
        let text = try Value.number(x).formatted(".\(digits)f")
        return .number(Double(text) ?? x)
      }
      let scale = pow(10.0, Double(-digits))
      return .number((x / scale).rounded(.toNearestOrEven) * scale)
    },
    rounding("floor", .floor, "Rounds down.", Example("floor(-1.5)", "-2")) { $0.rounded(.down) },
    rounding("ceil", .ceil, "Rounds up.", Example("ceil(1.2)", "2")) { $0.rounded(.up) },
  ]
}

private func rounding(
  _ name: String, _ operation: Tensor.UnaryOperation, _ summary: String, _ example: Example,
  _ round: @escaping @Sendable (Double) -> Double
) -> Builtin {
  Builtin(
    name, summary, [.required("x", .numeric, "a number, tensor or list")],
    result: "number, or tensor of the same type", examples: [example], methodOf: ["tensor"],
    numeric: round
  ) { call in
    if case .number(let x) = call["x"] { return .number(round(x)) }
    return Value(try call.variable("x").mapped(operation))
  }
}
