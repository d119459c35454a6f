import Host
import Language

private let condition = Argument("condition", .any, "a bool or a one-element bool tensor")
private let message = Argument("message", .optional(.string), "the error's message")
private let got = Argument("got", .any, "the value to be tested")
private let wanted = Argument("wanted", .any, "the value that it should have")
private let about = Argument(
  "message", .optional(.string),
  "what the error's message begins with, in place of the function's name",
  named: true)
private let relative = Argument(
  "rtol", .optional(.number(0...)), "the tolerance relative to the wanted value", named: true)
private let absolute = Argument(
  "atol", .optional(.number(0...)), "the absolute tolerance", named: true)
private let equalNaN = Argument(
  "equal_nan", .bool, default: false, "whether nan is close to nan", named: true)
private let checkDType = Argument(
  "check_dtype", .bool, default: true, "whether two tensors must have the same dtype", named: true)

/// The builtins that check what a program claims: `assert`, `assert_equal` and `assert_close`.
func assertionBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "assert", "Raises an error unless a condition is true.", searchTerms: ["check"],
      [condition, message], result: "nil",
      examples: [Example("assert(1 < 2, \"numbers are broken\")")]
    ) { call in
      if try call[condition].truth() { return .nil }
      throw Failure("assertion", try call[message] ?? "assert: the condition is false")
    },
    Builtin(
      "assert_equal", "Raises an error that shows both values unless they are equal.",
      details: """
        Lists and maps are compared deeply, and tensors by shape, type and all elements. The error names the first \
        place that differs.
        """,
      searchTerms: ["test", "check", "expect"], [got, wanted, about], result: "nil",
      examples: [
        Example("assert_equal(map([1, 2], x -> 2 * x), [2, 4])"),
        Example(
          "try { assert_equal({lr: [1, 2]}, {lr: [1, 3]}) } catch e { e.message }",
          "\"assert_equal: at .lr[1]: got 2, wanted 3\""),
      ]
    ) { call in
      let comparison = Comparison(tolerance: .none, equalNaN: false, checksDType: true)
      return try comparison.demand(
        call[got], call[wanted], try call[about] ?? "assert_equal")
    },
    Builtin(
      "assert_close",
      "Raises an error that says where and by how much two values differ unless they are close.",
      details: """
        A number is close if it differs from the wanted one by at most `atol + rtol * abs(wanted)`. The tolerances \
        are given together; without them they are PyTorch's: 1.3e-6 and 1e-5 for float32, 1e-7 for both for float64 \
        and for numbers, 0 for whole-number types, and the larger of two types' tolerances. Tensors must have the same \
        shape and dtype; a list or a number is compared with a tensor as a tensor of its dtype. Lists and maps are \
        compared item by item, and all other values by `==`.
        """,
      searchTerms: ["test", "allclose", "isclose", "testing", "tolerance", "approx"],
      [got, wanted, relative, absolute, equalNaN, checkDType, about], result: "nil",
      examples: [
        Example("assert_close(0.1 + 0.2, 0.3)"),
        Example(
          "try { assert_close(tensor([[1, 2], [3, 4]]), [[1, 2], [3, 5]]) } catch e { e.message }",
          "\"assert_close: 1 of 4 elements differs, at [1, 1]: got 4, wanted 5\""),
      ]
    ) { call in
      let tolerance: Comparison.Tolerance
      switch (try call[relative], try call[absolute]) {
      case (let relative?, let absolute?):
        tolerance = .given(relative: relative, absolute: absolute)
      case (nil, nil): tolerance = .byType
      default:
        throw Failure(
          "argument", "assert_close: rtol and atol are given together or not at all",
          hint: "`rtol: 0` or `atol: 0` leaves one of them out")
      }
      let comparison = Comparison(
        tolerance: tolerance, equalNaN: try call[equalNaN], checksDType: try call[checkDType])
      return try comparison.demand(call[got], call[wanted], try call[about] ?? "assert_close")
    },
  ]
}
