import Host
import Language
import Tensors

/// `threads`, `memory`: what a script computes with.
func resourceBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "threads", "Gives, or sets, the number of threads that compute.",
      details: """
        At first the value of OPENBLAS_NUM_THREADS, else the cores this process may use. Results do \
        not depend on it.
        """,
      [.optional("count", .whole, .nil, "how many, the calling one included")],
      result: "number", examples: [Example("threads(2)", "2")]
    ) { call in
      if !call.isNil("count") { Threads.count = try call.int("count", minimum: 1) }
      return .number(Double(Threads.count))
    },
    Builtin(
      "memory", "Gives the bytes that tensors, lists and maps hold.",
      details:
        "`peak` is the most at once since the last call with `reset: true`, `limit` what may be.",
      [.optional("reset", .bool, .bool(false), "begin to measure the peak anew")],
      result: "map {current, peak, limit}",
      examples: [Example("let x = zeros(1000)\nmemory().current >= 4000", "true")]
    ) { call in
      var entries = Entries()
      entries[.string("current")] = .number(Double(Memory.current))
      entries[.string("peak")] = .number(Double(Memory.peak))
      entries[.string("limit")] = .number(Double(Memory.limit))
      if try call.bool("reset") { Memory.resetPeak() }
      return .map(Map(entries))
    },
  ]
}
