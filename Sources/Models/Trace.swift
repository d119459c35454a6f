import Gradients
import Host
import Tensors

/// What the layers did in one pass, in the order in which they were done.
final class Trace {
  /// One layer, or one that also computed those behind it.
  struct Step {
    /// The layers with their paths.
    let layers: [(path: String, layer: Layer)]
    /// The shapes of the inputs of the first.
    let inputs: [[Int]]
    /// Whether a gradient flows to an input.
    let isTracked: Bool
    /// The output of the last; nil if there are several. It has no values in a pass that fuses.
    let output: (shape: [Int], dtype: DType)?
    /// The time that the layers took, without those inside them.
    fileprivate(set) var seconds: Double
    /// The nodes of the tape that the layers added, with those of the layers inside them.
    let nodes: Range<Int>
    /// The path of the layer that computes the output while it reads it, which the last one left to
    /// it.
    fileprivate(set) var reader: String?
  }

  /// Whether layers are computed together.
  let fuses: Bool
  private(set) var steps: [Step] = []
  /// For each layer that is running, the time that those inside it have taken.
  private var inner: [Double] = [0]
  /// The last step, if what it gave is still to be normalised.
  private var pending: Int?

  init(fuses: Bool) { self.fuses = fuses }

  /// Runs a layer and notes it.
  func measure(
    _ layers: [(path: String, layer: Layer)], _ inputs: [Variable], _ run: () throws -> Output
  ) throws -> Output {
    let (y, seconds, nodes) = try timed(run)
    var output: (shape: [Int], dtype: DType)?
    if case .tensor(let y) = y { output = (y.shape, y.dtype) }
    steps.append(
      Step(
        layers: layers, inputs: inputs.map(\.shape), isTracked: inputs.contains(where: \.isTracked),
        output: output, seconds: seconds, nodes: nodes))
    return y
  }

  /// Runs a layer that computes those behind it and notes them.
  func measure(
    _ layers: [(path: String, layer: Layer)], _ x: Deferred, _ run: () throws -> Deferred
  ) throws -> Deferred {
    let isChain = !(layers.first?.layer.children.isEmpty ?? true)
    if let first = layers.first, first.layer.plan(input: x.shape)?.readsNormalized ?? false {
      note(x, reader: first.path)
    }
    let (y, seconds, nodes) = try timed(run)
    steps.append(
      Step(
        layers: layers, inputs: [x.shape], isTracked: x.isTracked, output: (y.shape, y.dtype),
        seconds: seconds, nodes: nodes))
    // What is in a chain has been noted already.
    if !isChain { pending = y.isPending ? steps.count - 1 : nil }
    return y
  }

  /// Notes that the layer at `path` normalises what the last layer gave while it reads it.
  func note(_ x: Deferred, reader path: String) {
    guard x.isPending, let pending else { return }
    steps[pending].reader = path
    self.pending = nil
  }

  /// The values of what the last layer left to be normalised, which counts as its work.
  func computed(_ x: Deferred) throws -> Variable {
    guard x.isPending, let pending else { return try x.computed() }
    let start = monotonicSeconds()
    let y = try x.computed()
    let seconds = monotonicSeconds() - start
    steps[pending].seconds += seconds
    inner[inner.count - 1] += seconds
    self.pending = nil
    return y
  }

  /// Runs `run` and gives the time that it took without the layers inside, and the nodes that it
  /// added.
  private func timed<R>(_ run: () throws -> R) throws -> (R, seconds: Double, nodes: Range<Int>) {
    let first = Tape.nodeCount
    inner.append(0)
    let start = monotonicSeconds()
    let result = try run()
    let seconds = monotonicSeconds() - start
    let others = inner.removeLast()
    inner[inner.count - 1] += seconds
    return (result, seconds - others, first..<Tape.nodeCount)
  }
}
