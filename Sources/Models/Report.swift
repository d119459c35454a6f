import Gradients
import Host
import Tensors

/// What one layer did in one run.
public struct LayerReport {
  /// Its path in the network.
  public let path: String
  /// As one would write it.
  public let label: String
  /// How it is computed, for a convolution.
  public let algorithm: ConvolutionAlgorithm?
  /// The shape of its output, batch included.
  public let output: [Int]
  /// Its own parameters' numbers.
  public let parameters: Int
  /// Multiplications and additions.
  public let operations: Int
  /// Bytes of its output and its parameters.
  public let bytes: Int
  /// How long it took.
  public private(set) var seconds: Double

  fileprivate func taking(seconds: Double) -> LayerReport {
    var report = self
    report.seconds = seconds
    return report
  }
}

extension Layer {
  /// Runs a batch through the network in evaluation form, layer by layer without fusing, and reports
  /// each layer that has no parts, in the order they ran. Times are the least of `runs` runs.
  public func report(on x: Variable, runs: Int = 1) throws -> [LayerReport] {
    var paths: [ObjectIdentifier: String] = [:]
    visit { layer, prefix in paths[ObjectIdentifier(layer)] = String(prefix.dropLast()) }
    var rows: [LayerReport] = []
    let batch = x.shape.count == 3 ? try x.reshape([1] + x.shape) : x
    let pass = Pass(training: false) { layer, input, output, seconds in
      guard layer.children.isEmpty else { return }
      let count = layer.parameterCount
      rows.append(
        LayerReport(
          path: paths[ObjectIdentifier(layer)] ?? "", label: layer.label,
          algorithm: layer.algorithm(input: input), output: output.shape,
          parameters: count, operations: layer.operations(input: input, output: output.shape),
          bytes: output.value.byteCount + 4 * count, seconds: seconds))
    }
    _ = try pass.apply(self, batch)
    var least = rows.map(\.seconds)
    for _ in 1..<max(runs, 1) {
      rows = []
      _ = try pass.apply(self, batch)
      // A model of a script's may take another way each time; its first is the one reported.
      if rows.count != least.count { break }
      least = zip(least, rows).map { min($0, $1.seconds) }
    }
    return zip(rows, least).map { $0.taking(seconds: $1) }
  }
}
