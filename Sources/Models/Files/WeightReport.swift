import Tensors

/// The result of loading a file's weights.
public struct WeightReport {
  /// A tensor whose shape in the file differs from its shape in the network.
  public typealias Misfit = (path: String, inFile: [Int], here: [Int?])
  /// What the tensors come from, as messages call it.
  let source: String
  /// Whether the file numbers its layers, so that they were taken in order.
  public let isNumbered: Bool
  /// The number of tensors loaded.
  public internal(set) var taken = 0
  /// The tensors whose shapes differ.
  public internal(set) var misfits: [Misfit] = []
  /// The network's tensors that are not in the file.
  public internal(set) var missing: [String] = []
  /// The network's tensors that match the file but belong to layers with other tensors that do not.
  public internal(set) var held: [String] = []
  /// The file's tensors that the network does not have.
  public internal(set) var leftOver: [String] = []

  /// Whether every tensor of the network was loaded from the file.
  public var isWhole: Bool { misfits.isEmpty && missing.isEmpty && held.isEmpty }
}

extension WeightReport {
  /// A shape as text, with `?` for sizes that the first input determines.
  static func describe(_ shape: [Int?]) -> String {
    "[" + shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
  }

  /// The first of several names and their number.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(4).map { "\"\($0)\"" }.joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  /// A one-line summary of what was loaded and what was not.
  public var text: String {
    var parts = ["\(taken) \(taken == 1 ? "tensor" : "tensors") taken"]
    if !misfits.isEmpty {
      parts.append(
        "not of this size: "
          + misfits.map { path, inFile, here in
            "\"\(path)\" (\(Tensor.describe(inFile)) in \(source), \(WeightReport.describe(here)) here)"
          }.joined(separator: ", "))
    }
    if !held.isEmpty {
      parts.append("left with the others of their layer: " + WeightReport.listed(held))
    }
    if !missing.isEmpty { parts.append("not in \(source): " + WeightReport.listed(missing)) }
    if !leftOver.isEmpty {
      parts.append("left over in \(source): " + WeightReport.listed(leftOver))
    }
    return parts.joined(separator: "; ")
  }
}
