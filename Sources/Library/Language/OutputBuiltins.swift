import Glibc
import Host
import Language
import Ranks

private let values = Argument(rest: "values", .any, "what to write")
private let text = Argument("text", .string, "what to write, without a line break at its end")
private let limit = ArgumentType<Double>.number.limited(", 0 or more") { $0 >= 0 }
  .map { Int(min($0, 1e15)) }
private let threshold = Argument(
  "threshold", .optional(limit),
  "the maximum number of elements of a tensor that is printed in full; 1000 at first", named: true)
private let seconds = Argument("seconds", .number(0...1e9), "how long to wait")
private let items = Argument(
  "items", .optional(limit),
  "the maximum number of items of a list or map that is printed in full; 200 at first", named: true)
private let edgeitems = Argument(
  "edgeitems", .optional(.whole(1...1000)),
  "how many are printed at each end of a longer one; 3 at first", named: true)
private let precision = Argument(
  "precision", .optional(.whole(0...17)),
  "the maximum number of digits after the decimal point; 4 at first",
  named: true)

/// The builtins that write to standard output and standard error.
func outputBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "print", "Writes values and a line break to standard output.",
      details: """
        Values are separated by spaces. A string is written without quotes, but with quotes inside a list.
        """,
      searchTerms: ["output", "show", "log"], [values],
      examples: [Example("print(\"epoch\", 3)"), Example("print([1, \"two\"])")]
    ) { call in host.output(try call[values].map(\.printed).joined(separator: " ") + "\n") },
    Builtin(
      "print_options", "Sets how much of tensors, lists and maps is printed.",
      details: """
        Options that are not given stay as they are; a call without any restores the defaults. The \
        numbers of a tensor share one format, chosen by NumPy's rule; `precision: 8` gives NumPy's \
        digits, `threshold: inf` all elements.
        """,
      searchTerms: ["digits", "display", "format"], [threshold, items, edgeitems, precision],
      examples: [
        Example(
          "print_options(precision: 8, items: 4, edgeitems: 1)\nlet texts = [str(tensor([0.1, 2 / 3])), str([1, 2, 3, 4, 5])]\nprint_options()\ntexts",
          "[\"tensor [2] float32 [0.1000000, 0.6666667]\", \"[1, ... 3 more, 5]\"]")
      ],
      traits: .touchesHidden
    ) { call in
      let given = [
        (\PrintOptions.threshold, try call[threshold]), (\.items, try call[items]),
        (\.edgeitems, try call[edgeitems]), (\.precision, try call[precision]),
      ]
      let isReset = given.allSatisfy { $0.1 == nil }
      var options = isReset ? PrintOptions() : PrintOptions.current
      for case (let option, let value?) in given { options[keyPath: option] = value }
      PrintOptions.current = options
    },
    Builtin(
      "note", "Writes a note to standard error, and the same text only once per session.",
      details: "Use it for information that a user should have but that is not an error.",
      searchTerms: ["warning", "warn"], [text],
      examples: [Example("note(\"3 images could not be read\")")]
    ) { call in library.note(try call[text]) },
    Builtin(
      "sleep", "Waits for some seconds.",
      searchTerms: ["wait", "pause", "delay"], [seconds], examples: [Example("sleep(0.01)")]
    ) { call in
      let end = monotonicSeconds() + (try call[seconds])
      while case let left = end - monotonicSeconds(), left > 0 {
        try Interrupt.check()
        usleep(useconds_t(min(left, 0.05) * 1e6))
      }
    },
    Builtin(
      "clock", "Gives the seconds since some fixed moment, for measuring.",
      details: "The time for which the entry was paused does not count.",
      searchTerms: ["timer", "elapsed", "stopwatch"], [], result: "number",
      examples: [Example("clock() > 0", "true")],
      traits: .touchesHidden
    ) { call in
      guard Ranks.current != nil else {
        return .number(host.clock() - (Entry.current?.secondsParked ?? 0))
      }
      return .number(Double(try call.agreed { "\(host.clock())" } ?? "") ?? 0)
    },
  ]
}
