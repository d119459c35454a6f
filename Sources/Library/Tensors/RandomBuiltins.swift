import Host
import Language
import Tensors

private let seed = Argument("seed", .whole, "the seed")
private let draws = Argument(
  "draws", .whole(0...), default: 0,
  "how many draws of `randn` and similar functions count as already made", named: true)
private let made = Argument(
  "made", makers, default: .map(Map()) as Value,
  "how many layers and networks count as already made, by their makers: `{dense: 2}`", named: true)
private let scopeName = Argument("name", .string, "the name of the scope")
private let counted = Argument(
  "counted", .bool, default: false, "whether the scope counts how often it was entered", named: true
)
private let scoped = Argument("fn", .callable, "a function without parameters")
private let reached = Argument(
  "state", .optional(.map), "what `random_state` gave before; nil leaves everything as it is")
private let low = Argument("low", .number, default: 0, "the lower bound", named: true)
private let high = Argument("high", .number, default: 1, "the upper bound, excluded", named: true)
private let least = Argument("low", .whole, "the lower bound")
private let end = Argument("high", .whole, "the upper bound, excluded")
private let count = Argument("count", .whole(0...), "how many")

/// A map from names of builtins to non-negative whole numbers.
private let makers = ArgumentType<[String: Int]>("map from names to whole numbers, 0 or more") {
  guard case .map(let map) = $0 else { return nil }
  var counts: [String: Int] = [:]
  for (key, value) in map.entries {
    guard case .string(let maker) = key, case .number(let number) = value,
      let count = Int(exactly: number), count >= 0
    else { return nil }
    counts[maker] = count
  }
  return counts
}

/// The builtins that generate random numbers, and those that set the seed.
func randomBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "seed", "Sets the random seed for everything that follows.",
      details: """
        The numbers drawn for a record depend on the seed and the record alone. `randn` and similar functions continue \
        from draw to draw. The weights of a layer or network depend on the seed and on how many of its kind \
        were made since: other draws do not change them. A view of a data set takes the seed at the time it \
        is made. Inside a `random_scope` the seed applies until the scope ends.
        """,
      searchTerms: ["random seed", "reproducible", "reproducibility"],
      [seed, draws, made],
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
      library.drawStateAsked = true
      library.random = try RandomScope(
        seed: UInt64(bitPattern: Int64(call[seed])), draws: call[draws], made: call[made],
        in: library.random.outer)
    },
    Builtin(
      "random_scope", "Calls a function that draws random numbers from its own scope.",
      details: """
        Inside, `randn` and similar functions, the weights of new layers, what dropout drops, and the order and random \
        transforms of `batches` depend on the seed, the name and the names of the scopes around, and not on \
        what was drawn outside; outside, the draws continue as if nothing had been drawn. A scope starts from \
        the beginning each time it is entered: the same name draws the same numbers. A part of a script can \
        therefore be skipped, repeated or run alone. Give each part its own name: `f"{method}, seed {i}"`.
        With `counted`, entering it again in the same scope around draws other numbers, as making another \
        layer does; this is for functions that make networks.
        What is drawn once for a record does not depend on the scope: `split`, `folds`, `shuffle`, `shapes`, \
        `noise` and other transforms that are the same in every epoch use the seed alone.
        """,
      searchTerms: ["generator", "fork_rng"], [scopeName, scoped, counted],
      result: "the function's value",
      examples: [
        Example(
          "let a = random_scope(\"a\", () -> randn(2))\nrandn(3)\nall(random_scope(\"a\", () -> randn(2)) == a)",
          "true"),
        Example("random_scope(\"b\", () -> dense(2))", "dense(2): not yet sized"),
      ]
    ) { call in
      let outer = library.random
      defer { library.random = outer }
      let name = try call[scopeName]
      func run(in scope: RandomScope) throws -> Value {
        library.random = scope
        return try call.machine.call(call[scoped], CallArguments())
      }
      guard try call[counted] else { return try run(in: RandomScope(name, in: outer)) }
      return try outer.make(name) { try run(in: RandomScope($0, in: outer)) }
    },
    Builtin(
      "random_state", "Gives how far the random numbers of this scope have come, or goes there.",
      details: """
        The map has the `scope`, which stands for the seed and the names of `random_scope`, how many `draws` \
        were made and how many layers and networks were `made`. Given such a map of the same scope, the next \
        draws are those that followed.
        """,
      searchTerms: ["get_rng_state", "generator state"], [reached], result: "map",
      examples: [
        Example(
          "let before = random_state()\nlet a = randn(2)\nrandom_state(before)\nall(randn(2) == a)",
          "true")
      ]
    ) { call in
      library.drawStateAsked = true
      let scope = library.random
      if let state = try call[reached] {
        guard case .string(let identity)? = state[.string("scope")],
          case .number(let draws)? = state[.string("draws")],
          let draws = Int(exactly: draws), draws >= 0, let counts = state[.string("made")],
          let made = try makers.read(counts)
        else { throw call.wrong(reached, "a map that `random_state` gave") }
        guard identity.text == scope.identity else {
          throw Failure(
            "argument", "random_state: the state is of another seed or another random_scope")
        }
        scope.resume(draws: draws, made: made)
      }
      let made = Map()
      for (maker, count) in scope.made.sorted(by: { $0.key < $1.key }) {
        made.entries[.string(maker)] = .number(Double(count))
      }
      let map = Map()
      map.entries[.string("scope")] = Value(scope.identity)
      map.entries[.string("draws")] = .number(Double(scope.draws))
      map.entries[.string("made")] = .map(made)
      return .map(map)
    },
    Builtin(
      "randn", "Draws random numbers from the standard normal distribution.",
      searchTerms: ["gaussian", "normal distribution"], [NewTensor.shape, NewTensor.dtype],
      result: "tensor", examples: [Example("randn(2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try library.random.draw {
          try Tensor.randn(call.shape(NewTensor.shape), key: $0, call[NewTensor.dtype])
        })
    },
    Builtin(
      "uniform", "Draws random numbers from the uniform distribution.",
      searchTerms: ["rand"], [NewTensor.shape, low, high, NewTensor.dtype], result: "tensor",
      examples: [Example("all(uniform(100, high: 2) < 2)", "true")]
    ) { call in
      Value(
        try library.random.draw {
          try Tensor.uniform(
            call.shape(NewTensor.shape), low: call[low], high: call[high], key: $0,
            call[NewTensor.dtype])
        })
    },
    Builtin(
      "randint", "Draws random whole numbers.", searchTerms: ["random integers"],
      [least, end, NewTensor.shape], result: "tensor, int32",
      examples: [Example("randint(0, 10, 2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try library.random.draw {
          try Tensor.randint(call[least], call[end], call.shape(NewTensor.shape), key: $0)
        })
    },
    Builtin(
      "permutation", "Gives the numbers from 0 to count - 1 in a random order.",
      searchTerms: ["shuffle"], [count], result: "tensor [count], int32",
      examples: [Example("sort(permutation(4))", "tensor [4] int32\n[0, 1, 2, 3]")]
    ) { call in
      let count = try call[count]
      return Value(try library.random.draw { try Tensor.permutation(count, key: $0) })
    },
  ]
}
