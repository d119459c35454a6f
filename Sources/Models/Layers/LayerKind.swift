/// A kind of layer that files can describe, declared once in the layer's file.
public struct LayerKind: Sendable {
  /// What files call it: `conv`.
  public let name: String
  /// Makes a layer of the kind as a file describes it.
  let make: @Sendable (ArchitectureReader) throws -> Layer

  init(_ name: String, make: @escaping @Sendable (ArchitectureReader) throws -> Layer) {
    self.name = name
    self.make = make
  }
}
