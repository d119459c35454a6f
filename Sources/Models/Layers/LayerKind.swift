/// A kind of layer that files can describe, declared in the file of the layer.
public struct LayerKind: Sendable {
  /// Its name in files: `conv`.
  public let name: String
  /// Creates a layer of this kind from a file's description.
  let make: @Sendable (ArchitectureReader) throws -> Layer

  init(_ name: String, make: @escaping @Sendable (ArchitectureReader) throws -> Layer) {
    self.name = name
    self.make = make
  }
}
