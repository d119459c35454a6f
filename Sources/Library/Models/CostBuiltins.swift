import Gradients
import Language
import Models
import Tensors

private let subject = Argument("g", .model, "a model or layer")
private let batch = Argument("x", .tensor, "a batch, or one image")
private let training = Argument(
  "training", .bool, default: false,
  "true measures a training step without its update: a forward and a backward pass", named: true)

/// The builtin `explain`.
func costBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "explain", "Runs a batch and reports what each layer costs in the pass that really runs.",
      details: """
        `algorithm` is that of a convolution (see `conv`). A layer that another one computes, while it \
        writes its output or reads its input, has that layer's path under `computed in`; its time is in \
        that layer's. A batch normalisation that the next convolution computes still has the time of \
        its statistics in training mode. MFLOP counts the multiplications and additions of the \
        definition, of which Winograd's algorithms need fewer; MB is the size of a layer's output and \
        parameters. ms is the fastest of three passes, back ms that of their backward passes. \
        The last two columns are shares of this machine's limits, measured as by `doctor`: of the \
        arithmetic that the algorithm needs (`peak %`), and of the bytes that must be read and written \
        at least (`memory %`; above 100 some of them are in a cache). Where neither is near 100, the \
        layer could be faster. Nothing is changed, neither running means nor weights. The last row is \
        the total.
        """,
      searchTerms: ["FLOPs", "profile", "cost", "timing", "fusion", "roofline"],
      [subject, batch, training], result: "table",
      examples: [
        Example(
          "explain(sequential([conv(32, 3), relu]), zeros(4, 16, 9, 9)).columns[0..4]",
          "[\"layer\", \"kind\", \"computed in\", \"algorithm\"]")
      ], methodOf: ["model"]
    ) { call in
      let x = Variable(try call.untracked(batch))
      let layer = try call[subject]
      if !layer.isSized { _ = try layer.call(x) }
      let limits = try MachineSpeed.measured()
      let costs = try layer.costs(on: x, training: call[training], runs: 3)
      return .object(try table(costs, layer.parameterCount, limits, training: call[training]))
    }
  ]
}

private func table(
  _ costs: [LayerCost], _ parameters: Int, _ limits: MachineSpeed, training: Bool
) -> TableObject {
  /// The columns from the parameters on.
  func numbers(_ costs: [LayerCost], _ parameters: Int) -> [Value] {
    func sum(_ part: (LayerCost) -> Double?) -> Double? {
      let known = costs.compactMap(part)
      return known.isEmpty ? nil : known.reduce(0, +)
    }
    let (forward, backward) = (sum(\.seconds), sum(\.backwardSeconds))
    let seconds = (forward ?? 0) + (backward ?? 0)
    func share(_ part: (LayerCost) -> Double, of limit: Double) -> Value {
      let work = costs.map(part).reduce(0, +)
      return work > 0 && seconds > 0 ? .number((100 * work / seconds / limit).rounded()) : .nil
    }
    func milliseconds(_ seconds: Double?) -> Value { seconds.map { .number($0 * 1e3) } ?? .nil }
    return [
      .number(Double(parameters)),
      .number(costs.reduce(0) { $0 + Double($1.report.operations) } / 1e6),
      .number(costs.reduce(0) { $0 + Double($1.report.bytes) } / 1e6), milliseconds(forward),
    ] + (training ? [milliseconds(backward)] : []) + [
      share(\.arithmetic, of: limits.arithmetic), share(\.traffic, of: limits.bandwidth),
    ]
  }
  let rows = costs.map { cost in
    [
      Value(cost.report.path), Value(cost.report.label), Value(cost.computedIn ?? ""),
      Value(cost.report.algorithm?.rawValue ?? ""), Value(Tensor.describe(cost.report.output)),
    ] + numbers([cost], cost.report.parameters)
  }
  let total =
    [Value("total")] + [Value](repeating: Value(""), count: 4) + numbers(costs, parameters)
  return TableObject(
    columns: ["layer", "kind", "computed in", "algorithm", "output", "parameters", "MFLOP", "MB"]
      + ["ms"] + (training ? ["back ms"] : []) + ["peak %", "memory %"],
    rows: rows + [total], decimals: 3)
}
