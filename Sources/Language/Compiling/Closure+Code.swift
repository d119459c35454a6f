import Syntax

extension Closure {
  /// Makes a function from code that has a text. It takes ownership of the captures.
  convenience init(_ code: Code, _ literal: FunctionLiteral, _ values: [Value]) {
    self.init(
      code, entry: code.header, literal: literal, source: code.script.source, captures: values)
  }

  /// The compiled form.
  var code: Code {
    // SAFETY: closures are made only from code, directly above.
    unsafeDowncast(compiled, to: Code.self)
  }

  /// The part of the code that the machine reads.
  @inline(__always) var header: UnsafeMutablePointer<Code.Header> {
    // SAFETY: as above.
    entry.assumingMemoryBound(to: Code.Header.self)
  }
}
