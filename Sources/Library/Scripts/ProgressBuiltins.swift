import Host
import Language
import Tensors

private let items = Argument("items", .value(.countable), "what to go over")
private let label = Argument("label", .string, default: "", "what the line begins with")
private let turn = Argument(
  "turn", .whole(0...), default: 0, "the number of this turn, from 0", named: true)
private let turns = Argument(
  "turns", .whole(1...), default: 1, "how many turns there are", named: true)

/// The builtin `progress`.
func progressBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "progress",
      "Iterates over items and shows on standard error how far it is.",
      details: """
        The line shows the share done, items or images per second and the time left; `.note(text)` \
        adds to it, `.finish()` writes it a last time. With `turn` of `turns` (epochs, say) the time \
        left counts the turns to come, and on a terminal one line serves them all.
        """,
      searchTerms: ["tqdm", "progress bar", "waitbar"], [items, label, turn, turns],
      result: "progress, which `for` iterates over",
      examples: [Example("for x in progress(0..3) { x }")]
    ) { call in
      .object(
        try ProgressObject(
          call[items], label: call[label], turn: call[turn], of: call[turns], host: library.host))
    }
  ]
}

extension ParameterType {
  /// A value that may know the number of its elements.
  fileprivate static let countable = ParameterType("list, range, map or data set") {
    switch $0 {
    case .list, .range, .map, .object: true
    default: false
    }
  }
}
