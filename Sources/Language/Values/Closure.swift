import Syntax

/// A function of the script with its captures. It retains its code, which retains its module.
/// Globals and its own name are not captured, so that no cycle keeps it alive.
public final class Closure {
  // The first two fields are read by the machine's loop in C.
  /// The part of the compiled form that the machine reads; it lives as long as the compiled form.
  let entry: UnsafeMutableRawPointer
  /// Values and cells, in the order of the code's captures.
  let captures: UnsafeMutablePointer<Value>
  let captureCount: Int
  /// The compiled form. Values know nothing of it except that it exists.
  let compiled: AnyObject
  /// The function as written, with its place.
  let literal: FunctionLiteral
  let source: Source

  /// Makes a function. Its captures are to be initialised before anything else.
  init(
    _ compiled: AnyObject, entry: UnsafeMutableRawPointer, literal: FunctionLiteral, source: Source,
    captureCount: Int
  ) {
    self.compiled = compiled
    self.entry = entry
    self.literal = literal
    self.source = source
    self.captureCount = captureCount
    captures = .allocate(capacity: max(1, captureCount))
    ContainerMemory.add(bytes)
  }

  private var bytes: Int { 96 &+ captureCount &* MemoryLayout<Value>.stride }

  deinit {
    ContainerMemory.remove(bytes)
    guard (0..<captureCount).contains(where: { captures[$0].mayNest }) else {
      captures.deinitialize(count: captureCount).deallocate()
      return
    }
    Release.block(captures, captureCount) { captures, count in
      captures.assumingMemoryBound(to: Value.self).deinitialize(count: count).deallocate()
    }
  }

  /// The name it was declared with; nil for a short function without one.
  public var name: String? { literal.name }
  /// The comment lines directly above it.
  public var documentation: String? { literal.documentation }
  /// Its source text, with the comment lines and the `let` that belong to it.
  public var text: String { source.text(in: literal.sourceSpan) }
  /// The place of its definition.
  public var place: Place { Place(source, literal.span) }
  /// The names of its parameters, in order.
  public var parameters: [String] { literal.parameters.map(\.name.text) }
  /// How many parameters have no default.
  public var required: Int { literal.parameters.count { $0.fallback == nil } }

  /// The call as help shows it: `pace(epoch, from = 0.2)`.
  public var signature: String {
    let written = literal.parameters.map { parameter in
      guard let fallback = parameter.fallback else { return parameter.name.text }
      return "\(parameter.name.text) = \(source.text(in: fallback.span))"
    }
    return "\(name ?? "fn")(\(written.joined(separator: ", ")))"
  }

  /// The text that `print` shows.
  var summary: String {
    "<\(name.map { "fn \($0)" } ?? "fn")(\(parameters.joined(separator: ", ")))>"
  }
}
