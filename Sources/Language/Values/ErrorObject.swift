import Host
import Syntax

/// The value that `catch e` binds.
public final class ErrorObject: HostObject {
  /// The error.
  public let diagnostic: Diagnostic

  /// Makes an object from an error.
  public init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

  override public var typeName: String { "error" }
  override public var summary: String { diagnostic.message }
  override public var brief: String { "the error \"\(diagnostic.message)\"" }
  override public func addContent(to digest: inout Digest) throws -> [Value] {
    digest.add(diagnostic.kind)
    digest.add(diagnostic.message)
    return []
  }
  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<ErrorObject>] = [
    Member("message", "string", "What went wrong.") { Value($0.diagnostic.message) },
    Member("line", "number", "The line where it arose; nil where that is not in a script.") {
      $0.diagnostic.place.map { .number(Double($0.line)) } ?? .nil
    },
    Member("file", "string", "The script where it arose; nil where it is in none.") {
      $0.diagnostic.place.map { Value($0.source.name) } ?? .nil
    },
    Member("kind", "string", "Its stable code, which `limbeck explain` knows.") {
      Value($0.diagnostic.kind)
    },
    Member("hint", "string", "What to write instead; nil where there is no hint.") {
      $0.diagnostic.hint.map { Value($0) } ?? .nil
    },
  ]
}
