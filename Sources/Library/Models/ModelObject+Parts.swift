import Host
import Language
import Models

/// The parts of a model by path and by position.
extension ModelObject {
  /// The part that an index means, or several layers as a model.
  func part(at index: [Subscript]) throws -> Value {
    switch index.first {
    case .slice(let low, let high)? where index.count == 1:
      let count = layer.children.count
      func clip(_ end: Int) -> Int { max(0, min(count, end < 0 ? end + count : end)) }
      let first = clip(low ?? 0)
      return try cut(first..<max(first, clip(high ?? count)))
    case .value(.range(let range))? where index.count == 1:
      return try cut(range.positions(among: layer.children.count))
    default: break
    }
    let path = try path(index)
    guard let part = layer.part(at: path) else { throw layer.noPart(path) }
    return try Value(part)
  }

  /// Puts a value into the slot at a path.
  func replace(_ path: String, with value: Value, on machine: any Caller) throws {
    guard layer.part(at: path) != nil else { throw layer.noPart(path) }
    guard let library = (machine as? Machine)?.world.environment as? Library else {
      throw Failure("type", "\(brief): layers can only be assigned by a running script")
    }
    try layer.replace(path, with: library.part(from: value, path, on: machine))
  }

  /// The layers at positions as a model.
  private func cut(_ positions: some Collection<Int>) throws -> Value {
    guard let chain = layer as? Sequential else {
      throw Failure("type", "\(brief): only the layers of a sequential can be cut by position")
    }
    return Value(chain.part(positions))
  }

  /// The path that an index means: a path, or the position of a layer.
  func path(_ index: [Subscript]) throws -> String {
    if index.count == 1, case .value(.string(let path)) = index[0] { return path.text }
    guard index.count == 1, case .value(let value) = index[0],
      let i = try ArgumentType<Int>.whole.read(value)
    else {
      throw Failure(
        "type", "model: the index must be a path, e.g. \"conv1\", or the position of a layer")
    }
    let layers = layer.children
    guard layers.indices.contains(i < 0 ? i + layers.count : i) else {
      throw Failure("index", "index \(i) is out of range: the model has \(layers.count) layers")
    }
    return layers[i < 0 ? i + layers.count : i].name
  }
}
