import Gradients
import Language
import Models
import Tensors

/// The layers of a model as a table.
extension ModelObject {
  /// Returns a table of the layers, output shapes and parameter counts, as far as they are known.
  func layerTable() throws -> TableObject {
    TableObject(
      columns: ["layer", "kind", "output", "parameters"],
      rows: try rows().map { [Value($0.path), Value($0.label), $0.shape, $0.count] }, decimals: 0)
  }

  /// Returns a table of the layers with what they cost in training with batches of a size, and the
  /// totals in the last row.
  func costTable(batch: Int) throws -> TableObject {
    let rows = try rows()
    let parameters = layer.parameters.map(\.parameter)
    let sizes = parameters.map { $0.value?.count ?? 0 }
    let frozen = zip(parameters, sizes).reduce(0) { $0 + ($1.0.isFrozen ? $1.1 : 0) }
    let count = sizes.reduce(0, +)
    func memory(_ outputs: Int, _ trained: Int, _ frozen: Int) -> Value {
      .number(4 * Double(2 * batch * outputs + 3 * trained + frozen) / 1e6)
    }
    let known = rows.compactMap(\.report)
    let isKnown = known.count == rows.count && layer.isSized
    var cells = rows.map { row -> [Value] in
      let layer = [Value(row.path), Value(row.label), row.shape, row.count]
      guard let report = row.report else { return layer + [unknown, unknown, unknown] }
      return layer + [
        .number(Double(report.frozen)), .number(Double(report.operations) / 1e6),
        memory(report.outputs, report.parameters - report.frozen, report.frozen),
      ]
    }
    var total = [Value("total"), Value(""), Value("")]
    total.append(layer.isSized ? .number(Double(count)) : unknown)
    total.append(layer.isSized ? .number(Double(frozen)) : unknown)
    let operations = known.reduce(0) { $0 + $1.operations }
    total.append(isKnown ? .number(Double(operations) / 1e6) : unknown)
    let outputs = known.reduce(0) { $0 + $1.outputs }
    total.append(isKnown ? memory(outputs, count - frozen, frozen) : unknown)
    cells.append(total)
    return TableObject(
      columns: ["layer", "kind", "output", "parameters", "frozen", "MFLOP", "MB"], rows: cells,
      decimals: 3)
  }

  /// A layer without sublayers, with what a run told of it if the input's shape is known.
  private struct Row {
    let path: String
    let label: String
    let shape: Value
    let count: Value
    let report: LayerReport?
  }

  /// The layers in the order in which they run, or in that of the model if its input is not known.
  private func rows() throws -> [Row] {
    if let shape = layer.inputShape {
      return try layer.report(on: Variable(Tensor(zeros: [1] + shape))).map {
        Row(
          path: $0.path, label: $0.label,
          shape: Value(Tensor.describe(Array($0.output.dropFirst()))),
          count: .number(Double($0.parameters)), report: $0)
      }
    }
    var rows: [Row] = []
    func add(_ layer: Layer, _ path: String) {
      if layer.children.isEmpty {
        let count = layer.isSized ? Value.number(Double(layer.parameterCount)) : unknown
        rows.append(Row(path: path, label: layer.label, shape: unknown, count: count, report: nil))
      }
      for (name, child) in layer.children { add(child, path.isEmpty ? name : "\(path).\(name)") }
    }
    add(layer, "")
    return rows
  }
}

/// What is not known before the input is.
private let unknown = Value("?")
