import Gradients
import Host
import Language
import Tensors

private let seed = Argument("seed", .whole, "the seed")
private let draws = Argument(
  "draws", .whole(0...), default: 0,
  "how many draws of `randn` and the like count as made already", named: true)
private let low = Argument("low", .number, default: 0, "the lower bound", named: true)
private let high = Argument("high", .number, default: 1, "the upper bound, excluded", named: true)
private let least = Argument("low", .whole, "the lower bound")
private let end = Argument("high", .whole, "the upper bound, excluded")
private let count = Argument("count", .whole(0...), "how many")

/// Random numbers, and the seed that they depend on.
func randomBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "seed", "Sets the random seed for everything that follows.",
      details: """
        Random numbers depend on the seed and on what they are drawn for, never on what other code \
        drew before. A view of a data set takes the seed at the time it is made.
        """,
      searchTerms: ["random seed", "reproducible", "reproducibility"],
      [seed, draws], result: "nil",
      examples: [
        Example("seed(7)"),
        Example(
          "seed(7)\nlet a = [randn(2), randn(2)]\nseed(7, draws: 1)\nall(randn(2) == a[1])",
          "true"),
      ]
    ) { call in
      library.seed = UInt64(bitPattern: Int64(try call[seed]))
      library.draws = try call[draws]
      return .nil
    },
    Builtin(
      "randn", "Draws random numbers from the standard normal distribution.",
      searchTerms: ["gaussian", "normal distribution"], [NewTensor.shape, NewTensor.dtype],
      result: "tensor", examples: [Example("randn(2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try Tensor.randn(
          call.shape(NewTensor.shape), key: library.nextKey(), call[NewTensor.dtype]))
    },
    Builtin(
      "uniform", "Draws random numbers from the uniform distribution.",
      searchTerms: ["rand"], [NewTensor.shape, low, high, NewTensor.dtype], result: "tensor",
      examples: [Example("all(uniform(100, high: 2) < 2)", "true")]
    ) { call in
      Value(
        try Tensor.uniform(
          call.shape(NewTensor.shape), low: call[low], high: call[high], key: library.nextKey(),
          call[NewTensor.dtype]))
    },
    Builtin(
      "randint", "Draws random whole numbers.", searchTerms: ["random integers"],
      [least, end, NewTensor.shape], result: "tensor, int32",
      examples: [Example("randint(0, 10, 2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try Tensor.randint(
          call[least], call[end], call.shape(NewTensor.shape), key: library.nextKey()))
    },
    Builtin(
      "permutation", "Gives the numbers from 0 to count - 1 in a random order.",
      searchTerms: ["shuffle"], [count], result: "tensor [count], int32",
      examples: [Example("sort(permutation(4))", "tensor [4] int32\n[0, 1, 2, 3]")]
    ) { Value(try Tensor.permutation($0[count], key: library.nextKey())) },
  ]
}
