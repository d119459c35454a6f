import Language

private let items = Argument(
  "items", .value((.list | .range | .map | .anyObject).named("list, range, map or data set")),
  "the items to iterate over")
private let label = Argument("label", .string, default: "", "the text at the beginning of the line")
private let turn = Argument(
  "turn", .whole(0...), default: 0, "the number of this turn, from 0", named: true)
private let turns = Argument(
  "turns", .whole(1...), default: 1, "how many turns there are", named: true)

/// The builtin `progress`.
func progressBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "progress",
      "Iterates over items and shows the progress on standard error.",
      details: """
        The line shows the fraction done, items or images per second and the time left; \
        `.note(text)` adds to it, and `.finish()` writes it a last time. With `turn` of `turns` \
        (such as epochs) the time left includes the turns to come, and on a terminal all turns \
        share one line.
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
