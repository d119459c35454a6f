import Gradients
import Host
import Tensors

/// Statistics of one layer in one run.
public struct LayerReport {
  /// Its path in the network.
  public let path: String
  /// The layer as written in code.
  public let label: String
  /// The algorithm, for a convolution.
  public let algorithm: ConvolutionAlgorithm?
  /// The shape of its output, including the batch axis.
  public let output: [Int]
  /// The number of elements of its own parameters.
  public let parameters: Int
  /// How many of them are frozen.
  public let frozen: Int
  /// The number of elements of its output without the batch axis.
  public var outputs: Int { output.dropFirst().reduce(1, *) }
  /// The number of multiplications and additions.
  public let operations: Int
  /// The size of its output and its parameters in bytes.
  public let bytes: Int
  /// The time it took.
  public private(set) var seconds: Double

  fileprivate func taking(seconds: Double) -> LayerReport {
    var report = self
    report.seconds = seconds
    return report
  }
}

extension Layer {
  /// Runs a batch through the network in evaluation mode, layer by layer without fusion, and
  /// reports on each layer without sublayers, in execution order. Times are the minimum of `runs`
  /// runs.
  public func report(on x: Variable, runs: Int = 1) throws -> [LayerReport] {
    var paths: [ObjectIdentifier: String] = [:]
    visit { layer, prefix in paths[ObjectIdentifier(layer)] = String(prefix.dropLast()) }
    var rows: [LayerReport] = []
    let batch = x.shape.count == 3 ? try x.reshape([1] + x.shape) : x
    let pass = Pass(training: false) { layer, inputs, output, seconds in
      guard layer.children.isEmpty, case .tensor(let output) = output else { return }
      let count = layer.parameterCount
      rows.append(
        LayerReport(
          path: paths[ObjectIdentifier(layer)] ?? "", label: layer.label,
          algorithm: layer.algorithm(input: inputs[0]), output: output.shape,
          parameters: count, frozen: layer.frozenCount,
          operations: layer.operations(inputs: inputs, output: output.shape),
          bytes: output.value.byteCount + 4 * count, seconds: seconds))
    }
    _ = try pass.outputs(of: self, batch, as: "")
    var least = rows.map(\.seconds)
    for _ in 1..<max(runs, 1) {
      rows = []
      _ = try pass.outputs(of: self, batch, as: "")
      // A script's model may run different layers each time; its first run determines the report.
      if rows.count != least.count { break }
      least = zip(least, rows).map { min($0, $1.seconds) }
    }
    return zip(rows, least).map { $0.taking(seconds: $1) }
  }
}
