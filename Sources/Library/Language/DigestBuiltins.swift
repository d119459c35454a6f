import Host
import Language

private let x = Argument("x", .any, "the value")
private let left = Argument(
  "without", .optional(.map), "a map whose content does not count, wherever the value leads to it",
  named: true)

/// The builtin `digest`.
func digestBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "digest", "Gives a digest of a value: 32 digits that stand for its content.",
      details: """
        Values with the same content have the same digest, in every run and wherever they lie in memory; of two \
        with other content it differs (128 bits). It names what is kept: results, checkpoints, files.
        A list, map, tensor or string is what it holds, a map in its order; a model is how it is built, its \
        weights and what its training goes on from; a data set is its records, in order and through its \
        transforms. A file of a data set counts by its path, size and time of change.
        A function is its text, comments aside, with what it captured and the values of the variables, functions \
        and modules that it names, as they are now: another helper, constant or captured number is another digest. \
        Builtins count by name. The seed does not count.
        Batches, progress, lazy sequences, states and figures have no digest (`no-digest`).
        """,
      [x, left], result: "string",
      examples: [
        Example("digest([1, 2]) == digest([1, 2])", "true"),
        Example("digest(x -> 2 * x) == digest(x -> 3 * x)", "false"),
        Example("digest({lr: 0.1, epochs: 3})", "\"5a927c6e1b6088a2a53e7c9a72aedf36\""),
      ]
    ) { call in Value(try call.machine.digest(of: call[x], without: call[left]).text) }
  ]
}
