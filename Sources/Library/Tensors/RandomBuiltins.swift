import Gradients
import Host
import Language
import Tensors

/// `seed`, `randn`, `uniform`, `randint`, `permutation`.
func randomBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "seed", "Sets the seed of all randomness that follows.",
      details: """
        Numbers are functions of the seed and of what they are drawn for, never of what other code \
        drew before. Views of data take the seed when they are made.
        """,
      [
        .required("seed", .whole, "the seed"),
        .optional(
          "draws", .whole, .number(0), "goes on as after so many draws of `randn` and its like",
          namedOnly: true),
      ], result: "nil",
      examples: [
        Example("seed(7)"),
        Example(
          "seed(7)\nlet a = [randn(2), randn(2)]\nseed(7, draws: 1)\nall(randn(2) == a[1])",
          "true"),
      ]
    ) { call in
      library.seed = UInt64(bitPattern: Int64(try call.int("seed")))
      library.draws = try call.int("draws", minimum: 0)
      return .nil
    },
    Builtin(
      "randn", "Draws standard normal numbers.", [shapeParameter, dtypeParameter],
      result: "tensor", examples: [Example("randn(2, 3).shape", "[2, 3]")]
    ) { call in
      Value(try Tensor.randn(call.shape("shape"), key: library.nextKey(), call.dtype()))
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
        try Tensor.uniform(
          call.shape("shape"), low: call.number("low"), high: call.number("high"),
          key: library.nextKey(), call.dtype()))
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
        try Tensor.randint(
          call.int("low"), call.int("high"), call.shape("shape"), key: library.nextKey()))
    },
    Builtin(
      "permutation", "Draws an order of the numbers 0 to, without, count.",
      [.required("count", .whole, "how many")], result: "tensor [count], int32",
      examples: [Example("sort(permutation(4))", "tensor [4] int32\n[0, 1, 2, 3]")]
    ) { Value(try Tensor.permutation($0.int("count", minimum: 0), key: library.nextKey())) },
  ]
}
