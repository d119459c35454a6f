import Gradients
import Host
import Tensors

/// What one layer did in one run.
public struct LayerReport {
  /// Its path in the network.
  public let path: String
  /// As one would write it.
  public let label: String
  /// The shape of its output, batch included.
  public let output: [Int]
  /// Its own parameters' numbers.
  public let parameters: Int
  /// Multiplications and additions.
  public let operations: Int
  /// Bytes of its output and its parameters.
  public let bytes: Int
  /// How long it took.
  public let seconds: Double
}

extension Layer {
  /// Runs a batch through the network in evaluation form, layer by layer without fusing, and reports
  /// each layer that has no parts, in the order they ran.
  public func report(on x: Variable) throws -> [LayerReport] {
    var paths: [ObjectIdentifier: String] = [:]
    func name(_ layer: Layer, _ path: String) {
      if paths[ObjectIdentifier(layer)] == nil { paths[ObjectIdentifier(layer)] = path }
      for (part, child) in layer.children { name(child, path.isEmpty ? part : "\(path).\(part)") }
    }
    name(self, "")
    var rows: [LayerReport] = []
    let batch = x.shape.count == 3 ? try x.reshape([1] + x.shape) : x
    let pass = Pass(training: false) { layer, input, output, seconds in
      guard layer.children.isEmpty else { return }
      let count = layer.parameterCount
      rows.append(
        LayerReport(
          path: paths[ObjectIdentifier(layer)] ?? "", label: layer.label, output: output.shape,
          parameters: count, operations: layer.operations(input: input, output: output.shape),
          bytes: output.value.byteCount + 4 * count, seconds: seconds))
    }
    _ = try pass.apply(self, batch)
    return rows
  }
}
