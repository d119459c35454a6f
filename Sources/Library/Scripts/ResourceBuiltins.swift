import Host
import Language
import Tensors

private let count = Argument(
  "count", .optional(.whole(1...)), "the number of threads, including the calling one")
private let reset = Argument(
  "reset", .bool, default: false, "whether the peak is reset")

/// The builtins `threads` and `memory`, which report and set the resources of a script.
func resourceBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "threads", "Gives or sets the number of computing threads.",
      details: """
        The default is OPENBLAS_NUM_THREADS, or else the number of cores this process may use. \
        Results do not depend on it.
        """,
      searchTerms: ["cores", "parallel", "num_threads"], [count], result: "number",
      examples: [Example("threads(2)", "2")],
      traits: .touchesHidden
    ) { call in
      if let count = try call[count] { Threads.count = count }
      return .number(Double(Threads.count))
    },
    Builtin(
      "memory", "Gives the bytes that tensors, lists and maps hold.",
      details: """
        `peak` is the maximum since the last call with `reset: true`, and `limit` is the maximum \
        that is allowed.
        """,
      searchTerms: ["RAM", "usage", "max_memory_allocated"], [reset],
      result: "map {current, peak, limit}",
      examples: [Example("let x = zeros(1000)\nmemory().current >= 4000", "true")],
      traits: .touchesHidden
    ) { call in
      let memory = Memory.current
      let counts = [("current", memory.used), ("peak", memory.peak), ("limit", memory.limit)]
      if try call[reset] { memory.resetPeak() }
      return Value(named: counts.map { ($0, .number(Double($1))) })
    },
  ]
}
