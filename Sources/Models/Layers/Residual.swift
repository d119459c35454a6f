import Formats
import Gradients
import Host
import Tensors

/// A residual block: x + body(x), or shortcut(x) + body(x). Its slots are the layers of the body, in
/// order, and the shortcut, so that paths such as `layer1.0.conv1.weight` are those of PyTorch's
/// blocks. A body that is a layer of its own is a slot called `body`.
public final class Residual: Container {
  /// The name of the shortcut's slot; nil if the input itself is added.
  private let shortcut: String?

  /// Creates a block of named layers and, if one is given, a named shortcut.
  public init(
    _ body: [(name: String, layer: Layer)], shortcut: (name: String, layer: Layer)? = nil
  ) {
    self.shortcut = shortcut?.name
    super.init(slots: (body + (shortcut.map { [$0] } ?? [])).map { ($0.name, .layer($0.layer)) })
  }

  private init(slots: [(name: String, part: Part)], shortcut: String?) {
    self.shortcut = shortcut
    super.init(slots: slots)
  }

  /// Creates a block of a layer and, if one is given, a shortcut.
  public convenience init(_ body: Layer, shortcut: Layer? = nil) {
    self.init([("body", body)], shortcut: shortcut.map { ("shortcut", $0) })
  }

  override func remade(_ slots: [(name: String, part: Part)]) -> Container {
    Residual(slots: slots, shortcut: shortcut)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try sum(Deferred(x), relu: false, pass)
  }

  /// The sum reads both ways before they are normalised, and a relu behind it is part of it.
  override public func fused(with fusion: Fusion, _ pass: Pass) -> (
    (Deferred) throws -> Deferred
  )? {
    guard fusion == .none || fusion == .relu else { return nil }
    return { Deferred(try self.sum($0, relu: fusion == .relu, pass)) }
  }

  private func sum(_ x: Deferred, relu: Bool, _ pass: Pass) throws -> Variable {
    let body = shortcut == nil ? children[...] : children.dropLast()
    let y = try Sequential.run(body, x, pass)
    pass.noteReading(y)
    let way = try shortcut == nil ? x : Sequential.run(children.suffix(1), x, pass)
    pass.noteReading(way)
    guard y.shape == way.shape else {
      throw Failure(
        "shape",
        "residual: the body gives \(Tensor.describe(y.shape)), which can't be added to "
          + Tensor.describe(way.shape),
        hint: "shortcut: conv(filters, 1, stride: ...) brings the input to the body's shape")
    }
    return try way.residualSum(y, relu: relu)
  }

  static let kind = LayerKind("residual") { try Residual($0) }
  override public var kind: LayerKind? { Residual.kind }
  override public func operations(input: [Int], output: [Int]) -> Int { output.reduce(1, *) }
  override func configuration(_ describe: (Layer) throws -> JSON?) throws -> [(
    name: String, value: JSON
  )]? {
    let parts = try children.compactMap { try describe($0.layer) }
    guard parts.count == children.count else { return nil }
    return [
      ("names", .array(children.map { .string($0.name) })), ("layers", .array(parts)),
      ("shortcut", shortcut.map { .string($0) } ?? .null),
    ]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let body = shortcut == nil ? children[...] : children.dropLast()
    let y = try Sequential.export(body, inputs, to: file, at: path)
    let way =
      try shortcut == nil
      ? inputs[0] : Sequential.export(children.suffix(1), inputs, to: file, at: path)
    return file.node(
      "Add", [way.name, y.name], at: ONNXExport.path("add", in: path), shape: y.shape)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    guard reader.optional("layers") != nil else {
      // As earlier versions wrote it.
      self.init(
        try reader.layer("body"),
        shortcut: reader.optional("shortcut") == nil ? nil : try reader.layer("shortcut"))
      return
    }
    var layers = try reader.layers("layers", names: "names")
    var shortcut: (name: String, layer: Layer)?
    if case .string(let name)? = reader.optional("shortcut") {
      shortcut = layers.popLast()
      guard shortcut?.name == name, !layers.isEmpty else { throw reader.wrong("shortcut") }
    }
    self.init(layers, shortcut: shortcut)
  }
}
