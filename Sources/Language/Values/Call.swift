import Host

/// A call of a builtin: one value for each parameter, bound and checked. It does not change as long as the
/// builtin's body runs or keeps a strong reference to it; afterwards it may become another call.
public final class Call {
  /// The builtin.
  public internal(set) var builtin: Builtin { didSet { identity = ObjectIdentifier(builtin) } }
  private var identity: ObjectIdentifier
  /// A value for each parameter, in the declaration's order.
  public internal(set) var values: [Value]
  /// The machine, for calling functions back.
  public let machine: any Caller

  /// Makes a call from bound values.
  public init(_ builtin: Builtin, _ values: [Value], on machine: any Caller) {
    self.builtin = builtin
    identity = ObjectIdentifier(builtin)
    self.values = values
    self.machine = machine
  }

  /// Whether it is a call of a builtin, found without counting a reference.
  @inline(__always)
  func isOf(_ builtin: Builtin) -> Bool { identity == ObjectIdentifier(builtin) }

  /// Releases the arguments.
  @inline(__always)
  func clear() {
    values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] = .nil }
    }
  }

  /// The argument of a parameter as its Swift type. It is inlined so that it is compiled for that type:
  /// the generic form took a tenth of a loop that calls builtins.
  @inlinable
  public subscript<T>(argument: Argument<T>) -> T {
    get throws {
      let i = index(of: argument)
      let result: T?
      do { result = try argument.read(values[i]) } catch { throw blaming(i, for: error) }
      guard let result else { throw argument.mismatch(values[i], in: builtin, at: i) }
      return result
    }
  }

  /// The argument of a parameter that its body reads as it is: an `ArgumentType<Value>` accepts values
  /// and does not convert them.
  @inlinable
  public subscript(argument: Argument<Value>) -> Value {
    get throws { values[index(of: argument)] }
  }

  /// An error that was thrown while an argument was read, as an error of the call.
  @usableFromInline
  func blaming(_ i: Int, for error: any Error) -> any Error {
    guard var failure = error as? Failure else { return error }
    failure.message = "\(builtin.name): \(failure.message)"
    failure.argument = failure.argument ?? i
    return failure
  }

  /// The error for an argument that does not fit the others: `choice: p must be 3 numbers, got
  /// [1]`.
  public func wrong(_ argument: AnyArgument, _ wanted: String, hint: String? = nil) -> Failure {
    let i = index(of: argument)
    return argument.mismatch(values[i], in: builtin, wanted: wanted, hint: hint, at: i)
  }

  /// Any other error about an argument: `scatter: x has 3 values, but y has 2`.
  public func fault(
    _ argument: AnyArgument, _ message: String, kind: String = "argument", hint: String? = nil
  ) -> Failure {
    Failure(kind, "\(builtin.name): \(message)", hint: hint, argument: index(of: argument))
  }

  /// The position of a parameter.
  @inlinable
  public func index(of argument: AnyArgument) -> Int {
    let identity = UnsafeRawPointer(Unmanaged.passUnretained(argument).toOpaque())
    guard let index = builtin.places.firstIndex(where: { $0.argument == identity }) else {
      preconditionFailure("\(builtin.name) does not declare \(argument.name)")
    }
    return index
  }
}
