import Formats
import Gradients
import Host
import Tensors

/// Builds a layer from its description in a file, whose content is not trusted.
struct ArchitectureReader {
  let json: JSON
  let file: String
  /// The layer's path in the network.
  let path: String
  private let kinds: [LayerKind]
  private let shared: SharedLayers
  private let forward: Forward.Finder

  /// Creates a reader for a whole network with layers of `kinds`; `shared` knows which places
  /// repeat an earlier layer, and `forward` finds forward functions.
  init(
    _ json: JSON, file: String, kinds: [LayerKind], shared: SharedLayers,
    forward: @escaping Forward.Finder
  ) {
    (self.json, self.file, self.kinds, self.shared, path) = (json, file, kinds, shared, "")
    self.forward = forward
  }

  private init(_ json: JSON, _ path: String, inside other: ArchitectureReader) {
    (self.json, self.path) = (json, path)
    (file, kinds, shared, forward) = (other.file, other.kinds, other.shared, other.forward)
  }

  /// A reader for a sublayer.
  func inside(_ part: JSON, _ name: String) -> ArchitectureReader {
    ArchitectureReader(part, path.isEmpty ? name : "\(path).\(name)", inside: self)
  }

  /// The described layer, or the one created before if both are the same layer.
  func layer() throws -> Layer {
    if let layer = try shared.layer(at: path, json, file: file) { return layer }
    let layer = try made()
    shared.note(layer, at: path, json)
    return layer
  }

  private func made() throws -> Layer {
    guard case .string(let name)? = json["kind"] else { throw wrong("kind") }
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw Failure("file-format", "\(file): its model has a layer \"\(name)\", which is unknown")
    }
    return try kind.make(self)
  }

  func wrong(_ name: String) -> Failure {
    Failure("file-format", "\(file): its model's description has no proper \"\(name)\"")
  }

  func optional(_ name: String) -> JSON? { json[name] }

  func layer(_ name: String) throws -> Layer {
    guard let inner = json[name] else { throw wrong(name) }
    return try inside(inner, name).layer()
  }
  /// The layers of a list with their names, which are those of a second list or the positions.
  func layers(_ name: String, names: String) throws -> [(name: String, layer: Layer)] {
    guard case .array(let items)? = json[name] else { throw wrong(name) }
    let given = try json[names].map { try texts($0, names) } ?? items.indices.map(String.init)
    guard given.count == items.count, Set(given).count == given.count,
      given.allSatisfy({ !$0.isEmpty && !$0.contains(".") })
    else { throw wrong(names) }
    return try zip(given, items).map { ($0, try inside($1, $0).layer()) }
  }
  /// The forward function that the file describes.
  func script(_ name: String) throws -> Forward.Script {
    guard let description = json[name] else { throw wrong(name) }
    return try forward(description, path, file)
  }
  func texts(_ json: JSON, _ name: String) throws -> [String] {
    guard case .array(let items) = json else { throw wrong(name) }
    return try items.map {
      guard case .string(let text) = $0 else { throw wrong(name) }
      return text
    }
  }
  func text(_ name: String) throws -> String {
    guard case .string(let text)? = json[name] else { throw wrong(name) }
    return text
  }
  func number(_ name: String) throws -> Double {
    guard case .number(let value)? = json[name] else { throw wrong(name) }
    return value
  }
  func integer(_ name: String) throws -> Int {
    guard let whole = Int(exactly: try number(name)), abs(whole) < 1 << 31 else {
      throw wrong(name)
    }
    return whole
  }
  func bool(_ name: String, default standard: Bool) throws -> Bool {
    guard let json = json[name] else { return standard }
    guard case .bool(let value) = json else { throw wrong(name) }
    return value
  }
  func numbers(_ name: String, count: Int) throws -> [Double] {
    guard case .array(let items)? = json[name], items.count == count else { throw wrong(name) }
    return try items.map {
      guard case .number(let value) = $0 else { throw wrong(name) }
      return value
    }
  }
  func integers(_ name: String, count: Int) throws -> [Int] {
    try numbers(name, count: count).map {
      guard let whole = Int(exactly: $0), abs(whole) < 1 << 31 else { throw wrong(name) }
      return whole
    }
  }
  /// Two whole numbers that files only have where they differ from the default.
  func pair(_ name: String, default standard: Int) throws -> (Int, Int) {
    guard json[name] != nil else { return (standard, standard) }
    let pair = try integers(name, count: 2)
    return (pair[0], pair[1])
  }
  func window() throws -> Window {
    let padding: Padding =
      json["padding"] == .string("same") ? .same : try Padding(integers("padding", count: 4))
    return try Window(stride: integers("stride", count: 2), padding: padding)
  }
  func algorithm() throws -> ConvolutionAlgorithm? {
    guard let json = json["algorithm"] else { return nil }
    guard case .string(let name) = json, let algorithm = ConvolutionAlgorithm(rawValue: name) else {
      throw wrong("algorithm")
    }
    return algorithm
  }
  func key() throws -> RandomKey {
    guard case .string(let text)? = json["key"], let bits = UInt64(text, radix: 16) else {
      throw wrong("key")
    }
    return RandomKey(bits: bits)
  }
}

extension JSON {
  /// A random key. It has 64 bits, more than a JSON number can hold.
  init(_ key: RandomKey) { self = .string(String(key.bits, radix: 16)) }
}
