import Glibc
import Language

/// Rounding.
func numberBuiltins() -> [Builtin] {
  [
    Builtin(
      "round", area: "language", "Rounds a number, halves to the even neighbour.",
      [
        .required("x", .number, "the number"),
        .optional("digits", .whole, .number(0), "digits after the point, -300 to 300"),
      ],
      result: "number",
      examples: [Example("round(2.5)", "2"), Example("round(3.14159, 2)", "3.14")]
    ) { call in
      let x = try call.number("x")
      let digits = try call.int("digits")
      guard digits.magnitude <= 300 else { throw call.wrong("digits", "from -300 to 300") }
      if digits == 0 || !x.isFinite { return .number(x.rounded(.toNearestOrEven)) }
      // As `printf` rounds: by the number's exact decimal expansion.
      if digits > 0 {
        let text = try Value.number(x).formatted(".\(digits)f")
        return .number(Double(text) ?? x)
      }
      let scale = pow(10.0, Double(-digits))
      return .number((x / scale).rounded(.toNearestOrEven) * scale)
    },
    rounding("floor", "Rounds a number down.", "floor(-1.5)", "-2") { $0.rounded(.down) },
    rounding("ceil", "Rounds a number up.", "ceil(1.2)", "2") { $0.rounded(.up) },
  ]
}

private func rounding(
  _ name: String, _ summary: String, _ example: String, _ result: String,
  _ round: @escaping @Sendable (Double) -> Double
) -> Builtin {
  Builtin(
    name, area: "language", summary, [.required("x", .number, "the number")], result: "number",
    examples: [Example(example, result)], numeric: round
  ) { call in .number(round(try call.number("x"))) }
}
