/// What `catch e` binds.
public final class ErrorObject: HostObject {
  /// The error.
  public let diagnostic: Diagnostic

  /// Makes an object of an error.
  public init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

  override public var typeName: String { "error" }
  override public var summary: String { diagnostic.message }
  override public var brief: String { "the error \"\(diagnostic.message)\"" }
  /// What it answers after a dot.
  public static let fieldNames = ["message", "line", "file", "kind", "hint"]
  override public var memberNames: [String] { ErrorObject.fieldNames }

  override public func member(_ name: String) throws -> Value? {
    switch name {
    case "message": Value(diagnostic.message)
    case "kind": Value(diagnostic.kind)
    case "line": diagnostic.place.map { .number(Double($0.line)) } ?? .nil
    case "file": diagnostic.place.map { Value($0.source.name) } ?? .nil
    case "hint": diagnostic.hint.map { Value($0) } ?? .nil
    default: nil
    }
  }
}
