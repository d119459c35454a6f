import Syntax

/// A function of the script with what it captured. It holds its code, which holds its module: globals
/// are not captured, and its own name neither, so that no cycle keeps it alive.
public final class Closure {
  /// The compiled form. Values know no more of it than that it is there.
  let compiled: AnyObject
  /// The compiled form's part that the machine reads; alive as long as that.
  let entry: UnsafeMutableRawPointer
  /// The function as it is written, and where.
  let literal: FunctionLiteral
  let source: Source
  /// Values and cells, in the order of the code's captures.
  let captures: UnsafeMutablePointer<Value>
  let captureCount: Int

  /// Makes a function; the captures are taken over.
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
  /// The comment lines right above it.
  public var documentation: String? { literal.documentation }
  /// Its text as it stands in its source, with the comment lines and the `let` it belongs to.
  public var text: String { source.text(in: literal.sourceSpan) }
  /// Where it stands.
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

  /// What `print` shows.
  var summary: String {
    "<\(name.map { "fn \($0)" } ?? "fn")(\(parameters.joined(separator: ", ")))>"
  }
}
