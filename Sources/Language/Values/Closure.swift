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

  /// Makes a function. It takes ownership of the captures.
  init(
    _ compiled: AnyObject, entry: UnsafeMutableRawPointer, literal: FunctionLiteral, source: Source,
    captures values: [Value]
  ) {
    self.compiled = compiled
    self.entry = entry
    self.literal = literal
    self.source = source
    captureCount = values.count
    captures = .allocate(capacity: max(1, values.count))
    captures.initialize(from: values, count: values.count)
    ContainerMemory.add(bytes)
  }

  private var bytes: Int { 96 &+ captureCount &* MemoryLayout<Value>.stride }

  deinit {
    ContainerMemory.remove(bytes)
    if captureCount > 0 {
      let values = Array(UnsafeBufferPointer(start: captures, count: captureCount))
      captures.deinitialize(count: captureCount)
      if values.mayNest { Release.contents(consume values) }
    }
    captures.deallocate()
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
