import Formats
import Gradients
import Host

/// Several networks that are kept in one file. What they share is shared again after loading. A
/// bundle is not a network itself.
public final class Bundle: Layer {
  /// The networks by name.
  public let models: [(name: String, layer: Layer)]
  /// Whether the names are indices of a list.
  public let isList: Bool

  /// Creates a bundle of networks.
  public init(_ models: [(name: String, layer: Layer)], isList: Bool) {
    self.models = models
    self.isList = isList
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    Bundle(models.map { ($0.name, copies.layer($0.layer)) }, isList: isList)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    throw Failure("type", "a bundle of models can't be called: call one of them")
  }

  static let kind = LayerKind("bundle") { try Bundle($0) }
  override public var kind: LayerKind? { Bundle.kind }
  override public var children: [(name: String, layer: Layer)] { models }
  override func configuration(_ describe: (Layer) throws -> JSON?) throws -> [(
    name: String, value: JSON
  )]? {
    let parts = try models.compactMap { try describe($0.layer) }
    guard parts.count == models.count else { return nil }
    return [
      ("list", .bool(isList)), ("names", .array(models.map { .string($0.name) })),
      ("models", .array(parts)),
    ]
  }

  convenience init(_ reader: ArchitectureReader) throws {
    guard case .array(let names)? = reader.optional("names"),
      case .array(let models)? = reader.optional("models"), names.count == models.count
    else { throw reader.wrong("models") }
    self.init(
      try zip(names, models).map { name, model in
        guard case .string(let text) = name else { throw reader.wrong("names") }
        return (text, try reader.inside(model, text).layer())
      }, isList: try reader.bool("list", default: false))
  }
}
