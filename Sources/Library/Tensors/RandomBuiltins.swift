import Gradients
import Host
import Language
import Tensors

/// `seed`, `random_scope`, `randn`, `uniform`, `randint`, `permutation`.
func randomBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "seed", "Sets the seed of all randomness that follows.",
      details: """
        What is drawn for a record depends on the seed and the record alone. `randn` and its like go on \
        from draw to draw. A layer or a network starts from the seed and from how many of its own kind \
        were made since: other draws do not change its weights. Views of data take the seed when they are \
        made. Inside a `random_scope` the seed holds until the scope is left.
        """,
      [
        .required("seed", .whole, "the seed"),
        .optional(
          "draws", .whole, .number(0), "goes on as after so many draws of `randn` and its like",
          namedOnly: true),
        .optional(
          "made", .map, .map(Map()),
          "goes on as after so many layers and networks, by what makes them: `{dense: 2}`",
          namedOnly: true),
      ], result: "nil",
      examples: [
        Example("seed(7)"),
        Example(
          "seed(7)\nlet a = [randn(2), randn(2)]\nseed(7, draws: 1)\nall(randn(2) == a[1])",
          "true"),
        Example(
          "seed(7)\nlet g = dense(2, input: 3)\nseed(7)\nrandn(5)\nlet h = dense(2, input: 3)\nall(h.parameters[\"weight\"] == g.parameters[\"weight\"])",
          "true"),
      ]
    ) { call in
      library.random = RandomScope(
        seed: UInt64(bitPattern: Int64(try call.int("seed"))),
        draws: try call.int("draws", minimum: 0), made: try call.counts("made"),
        in: library.random.outer)
      return .nil
    },
    Builtin(
      "random_scope", "Calls a function that draws from a scope of its own.",
      details: """
        Inside, `randn` and its like, the weights of new layers, what dropout drops, and the order and random \
        transforms of `batches` depend on the seed, the name and the names of the scopes around, and on \
        nothing that was drawn outside; outside goes on as if nothing had been drawn. Each time the scope is \
        entered it starts anew: the same name draws the same. So a part of a script can be skipped, repeated \
        or run by itself. Give each part a name of its own: `f"{method}, seed {i}"`.
        What is drawn once for a record stays as it is: `split`, `folds`, `shuffle`, `shapes`, `noise` and \
        other transforms that are the same in every epoch go by the seed alone.
        """,
      [
        .required("name", .string, "the scope's name"),
        .required("fn", .callable, "a function without parameters"),
      ], result: "what the function gives",
      examples: [
        Example(
          "let a = random_scope(\"a\", () -> randn(2))\nrandn(3)\nall(random_scope(\"a\", () -> randn(2)) == a)",
          "true"),
        Example("random_scope(\"b\", () -> dense(2))", "dense(2): not yet sized"),
      ]
    ) { call in
      let outer = library.random
      defer { library.random = outer }
      library.random = RandomScope(try call.string("name"), in: outer)
      return try call.machine.call(call["fn"], CallArguments())
    },
    Builtin(
      "randn", "Draws standard normal numbers.", [shapeParameter, dtypeParameter],
      result: "tensor", examples: [Example("randn(2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try library.random.draw { try Tensor.randn(call.shape("shape"), key: $0, call.dtype()) })
    },
    Builtin(
      "uniform", "Draws uniform numbers from low to, without, high.",
      [
        shapeParameter,
        .optional("low", .number, .number(0), "the least", namedOnly: true),
        .optional("high", .number, .number(1), "the end, excluded", namedOnly: true),
        dtypeParameter,
      ], result: "tensor",
      examples: [Example("all(uniform(100, high: 2) < 2)", "true")]
    ) { call in
      Value(
        try library.random.draw {
          try Tensor.uniform(
            call.shape("shape"), low: call.number("low"), high: call.number("high"), key: $0,
            call.dtype())
        })
    },
    Builtin(
      "randint", "Draws whole numbers from low to, without, high.",
      [
        .required("low", .whole, "the least"), .required("high", .whole, "the end, excluded"),
        shapeParameter,
      ], result: "tensor, int32",
      examples: [Example("randint(0, 10, 2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try library.random.draw {
          try Tensor.randint(call.int("low"), call.int("high"), call.shape("shape"), key: $0)
        })
    },
    Builtin(
      "permutation", "Draws an order of the numbers 0 to, without, count.",
      [.required("count", .whole, "how many")], result: "tensor [count], int32",
      examples: [Example("sort(permutation(4))", "tensor [4] int32\n[0, 1, 2, 3]")]
    ) { call in
      let count = try call.int("count", minimum: 0)
      return Value(try library.random.draw { try Tensor.permutation(count, key: $0) })
    },
  ]
}

extension Call {
  /// A map from names to whole numbers, 0 or more.
  fileprivate func counts(_ name: String) throws -> [String: Int] {
    guard case .map(let map) = self[name] else { throw wrong(name, "a map") }
    var counts: [String: Int] = [:]
    for (key, value) in map.entries {
      guard case .string(let maker) = key, case .number(let number) = value,
        let count = Int(exactly: number), count >= 0
      else { throw wrong(name, "a map from names to whole numbers, 0 or more") }
      counts[maker] = count
    }
    return counts
  }
}
