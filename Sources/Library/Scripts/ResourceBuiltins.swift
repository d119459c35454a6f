import Host
import Language
import Tensors

private let count = Argument(
  "count", .optional(.whole(1...)), "how many threads, the calling one included")
private let reset = Argument(
  "reset", .bool, default: false, "whether the peak is measured from here on")

/// The builtins `threads` and `memory`, which report and set the resources of a script.
func resourceBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "threads", "Gives or sets the number of threads that compute.",
      details: """
        At first the value of OPENBLAS_NUM_THREADS, else the cores this process may use. Results do \
        not depend on it.
        """,
      searchTerms: ["cores", "parallel", "num_threads"], [count], result: "number",
      examples: [Example("threads(2)", "2")]
    ) { call in
      if let count = try call[count] { Threads.count = count }
      return .number(Double(Threads.count))
    },
    Builtin(
      "memory", "Gives the bytes that tensors, lists and maps hold.",
      details: """
        `peak` is the most that was held at once since the last call with `reset: true`, `limit` the most \
        that may be.
        """,
      searchTerms: ["RAM", "usage", "max_memory_allocated"], [reset],
      result: "map {current, peak, limit}",
      examples: [Example("let x = zeros(1000)\nmemory().current >= 4000", "true")]
    ) { call in
      var entries = Entries()
      entries[.string("current")] = .number(Double(Memory.current.used))
      entries[.string("peak")] = .number(Double(Memory.current.peak))
      entries[.string("limit")] = .number(Double(Memory.current.limit))
      if try call[reset] { Memory.current.resetPeak() }
      return .map(Map(entries))
    },
  ]
}
