/// A function of the script with what it captured. It holds its code, which holds its module: globals
/// are not captured, and its own name neither, so that no cycle keeps it alive.
public final class Closure {
  let code: Code
  /// The code's part that the machine reads; alive as long as `code`.
  let header: UnsafeMutablePointer<Code.Header>
  /// Values and cells, in the order of `code.captures`.
  let captures: UnsafeMutablePointer<Value>

  /// Makes a function; the captures are taken over.
  init(_ code: Code, _ values: [Value]) {
    self.code = code
    header = code.header
    captures = .allocate(capacity: max(1, values.count))
    captures.initialize(from: values, count: values.count)
    ContainerMemory.add(bytes)
  }

  private var bytes: Int { 96 &+ code.captures.count &* MemoryLayout<Value>.stride }

  deinit {
    ContainerMemory.remove(bytes)
    let count = code.captures.count
    if count > 0 {
      let values = Array(UnsafeBufferPointer(start: captures, count: count))
      captures.deinitialize(count: count)
      Release.values(values)
    }
    captures.deallocate()
  }

  /// The name it was declared with; nil for a short function without one.
  public var name: String? { code.name }
  /// The comment lines right above it.
  public var documentation: String? { code.literal?.documentation }
  /// Its text as it stands in its source, with the comment lines and the `let` it belongs to.
  public var text: String { code.literal.map { code.source.text(in: $0.sourceSpan) } ?? "" }
  /// Where it stands.
  public var place: Place { Place(code.source, code.literal?.span ?? Span(0, 0)) }
  /// The names of its parameters, in order.
  public var parameters: [String] { code.parameters }
  /// How many parameters have no default.
  public var required: Int { code.required }

  /// The call as help shows it: `pace(epoch, from = 0.2)`.
  public var signature: String {
    let written = (code.literal?.parameters ?? []).map { parameter in
      guard let fallback = parameter.fallback else { return parameter.name.text }
      return "\(parameter.name.text) = \(code.source.text(in: fallback.span))"
    }
    return "\(name ?? "fn")(\(written.joined(separator: ", ")))"
  }

  /// What `print` shows.
  var summary: String {
    "<\(name.map { "fn \($0)" } ?? "fn")(\(parameters.joined(separator: ", ")))>"
  }
}

/// A variable that inner functions share: one that is assigned after it was captured, or captured
/// before its `let` ran. Lives in registers and captures only; no script sees it.
final class Cell: HostObject {
  /// Where the value is.
  let place: UnsafeMutablePointer<Value>

  init(_ value: Value) {
    place = .allocate(capacity: 1)
    place.initialize(to: value)
    super.init()
    ContainerMemory.add(96)
  }

  /// The value.
  var value: Value {
    get { place.pointee }
    set { place.pointee = newValue }
  }

  deinit {
    ContainerMemory.remove(96)
    let value = place.move()
    place.deallocate()
    if value.mayNest { Release.values([value]) }
  }
}
