import Gradients
import Tensors

/// What a layer costs in the pass that really runs, in which layers are computed together.
public struct LayerCost {
  /// What it computes, by itself.
  public let report: LayerReport
  /// The path of the layer that computes it while it writes or reads; nil for a layer that runs by
  /// itself.
  public fileprivate(set) var computedIn: String?
  /// The time of the forward pass; nil for a layer that another one computes.
  public fileprivate(set) var seconds: Double?
  /// The time of the backward pass; nil in evaluation mode, and for a layer that another one computes.
  public fileprivate(set) var backwardSeconds: Double?
  /// The multiplications and additions that its algorithm needs for both, with those of the layers
  /// that it computes. Transforms are not counted.
  public fileprivate(set) var arithmetic = 0.0
  /// The bytes that it must read and write at least for both.
  public fileprivate(set) var traffic = 0.0
}

extension Layer {
  /// Runs a batch through the network and tells what each layer without sublayers, and each that
  /// computes something besides its sublayers, costs, in execution order. In training mode this is a
  /// forward and a backward pass that change nothing. Times are the minimum of `runs` passes.
  public func costs(on x: Variable, training: Bool, runs: Int) throws -> [LayerCost] {
    let members = Set(descendants.map { ObjectIdentifier($0) })
    let owned = Set(parameters.map { ObjectIdentifier($0.parameter) })
    /// The steps of one pass, each with the time of its backward pass.
    func pass(fuses: Bool) throws -> [(step: Trace.Step, backward: Double?)] {
      guard training else {
        return try trace(x, training: false, fuses: fuses).steps.map { ($0, nil) }
      }
      var steps: [Trace.Step] = []
      var seconds: [Int: Double] = [:]
      // A pass that does not fuse only tells shapes, so nothing is recorded.
      try Tape.rehearse(
        training: members, watching: { fuses && owned.contains(ObjectIdentifier($0)) },
        {
          let (outputs, all) = try trace(x, training: true, fuses: fuses)
          steps = all
          return outputs.variables
        }, watch: { seconds[$0, default: 0] += $1 })
      // Layers inside others come first and have their nodes already.
      return steps.map { step in
        (step, step.nodes.reduce(0) { $0 + (seconds.removeValue(forKey: $1) ?? 0) })
      }
    }
    // A script's model may run different layers each time; the first run determines the rows.
    let shapes = try pass(fuses: false).map(\.step)
    var costs = shapes.map { LayerCost(report: LayerReport($0)) }
    let places = Dictionary(
      zip(keys(shapes.map(\.layers[0].path)), costs.indices),
      uniquingKeysWith: { first, _ in first })
    for _ in 0..<max(runs, 1) {
      let steps = try pass(fuses: true)
      var paths = keys(steps.flatMap { $0.step.layers.map(\.path) })[...]
      for (step, backward) in steps {
        for (i, key) in paths.prefix(step.layers.count).enumerated() {
          guard let place = places[key] else { continue }
          costs[place].computedIn = step.reader ?? (i == 0 ? nil : step.layers[0].path)
          // In training mode, what is left to a reader still has statistics to compute.
          guard i == 0, step.reader == nil || training else { continue }
          costs[place].seconds = min(costs[place].seconds ?? .infinity, step.seconds)
          costs[place].backwardSeconds = backward.map {
            min(costs[place].backwardSeconds ?? .infinity, $0)
          }
          (costs[place].arithmetic, costs[place].traffic) = step.work(training: training)
        }
        paths = paths.dropFirst(step.layers.count)
      }
    }
    return zip(shapes, costs).filter { $0.0.layers[0].layer.hasOwnWork(in: $0.0) }.map(\.1)
  }

  fileprivate func hasOwnWork(in step: Trace.Step) -> Bool {
    children.isEmpty || script != nil
      || operations(inputs: step.inputs, output: step.output?.shape ?? []) > 0
  }
}

/// Paths with the number of their occurrence.
private func keys(_ paths: [String]) -> [String] {
  var seen: [String: Int] = [:]
  return paths.map { path in
    seen[path, default: 0] += 1
    return "\(path) \(seen[path] ?? 0)"
  }
}

extension Trace.Step {
  /// The arithmetic and the bytes of both passes.
  fileprivate func work(training: Bool) -> (arithmetic: Double, traffic: Double) {
    guard let output, let first = layers.first?.layer else { return (0, 0) }
    let size = Double(output.dtype.size)
    let input = size * Double(inputs.reduce(0) { $0 + $1.reduce(1, *) })
    let result = size * Double(output.shape.reduce(1, *))
    let (all, frozen) = layers.reduce((0, 0)) {
      ($0.0 + $1.layer.parameterCount, $0.1 + $1.layer.frozenCount)
    }
    let weights = size * Double(all)
    let isTrained = training && all > frozen
    // What it leaves to the layer that reads it is that layer's work, except for the statistics.
    guard reader == nil else { return (0, training ? 3 * input + result : 0) }
    guard first.children.isEmpty else {
      return (Double(first.operations(inputs: inputs, output: output.shape)), 3 * result)
    }
    let own = first.plan(input: inputs[0]).map { 2 * $0.multiplications }
    let arithmetic = layers.dropFirst().reduce(
      own ?? Double(first.operations(inputs: inputs, output: output.shape))
    ) { $0 + Double($1.layer.operations(input: output.shape, output: output.shape)) }
    let isProduct = first is WeightedLayer
    let products = isProduct ? (isTracked ? 1.0 : 0) + (isTrained ? 1 : 0) : training ? 1 : 0
    return (
      arithmetic * (1 + products),
      input + result + weights
        + (training
          ? result + (isTrained ? input : 0) + (isTracked ? input : 0) + weights * products : 0)
    )
  }
}
