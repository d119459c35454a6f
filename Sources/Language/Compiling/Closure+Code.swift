import Syntax

extension Closure {
  /// Makes a function from code that has a text. `capture` initialises the captures.
  @inline(__always)
  convenience init(
    _ code: Code, _ literal: FunctionLiteral, captureCount: Int,
    capture: (UnsafeMutablePointer<Value>) -> Void
  ) {
    self.init(
      code, entry: code.header, literal: literal, source: code.script.source,
      captureCount: captureCount)
    capture(captures)
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
