import Host

/// A call of a builtin: one value for each parameter, bound and checked.
public struct Call {
  /// The builtin.
  public let builtin: Builtin
  /// A value for each parameter, in the declaration's order.
  public var values: [Value]
  /// The machine, for calling functions back.
  public let machine: Machine

  /// Makes a call from bound values.
  public init(_ builtin: Builtin, _ values: [Value], on machine: Machine) {
    self.builtin = builtin
    self.values = values
    self.machine = machine
  }

  /// The argument of a parameter as its Swift type.
  public subscript<T>(argument: Argument<T>) -> T {
    get throws {
      let i = index(of: argument)
      do {
        if let result = try argument.read(values[i]) { return result }
      } catch var failure as Failure {
        failure.message = "\(builtin.name): \(failure.message)"
        failure.argument = failure.argument ?? i
        throw failure
      }
      throw argument.mismatch(values[i], in: builtin, at: i)
    }
  }

  /// What is wrong with an argument in the light of others: `choice: p must be 3 numbers, got [1]`.
  public func wrong(_ argument: Parameter, _ wanted: String, hint: String? = nil) -> Failure {
    let i = index(of: argument)
    return argument.mismatch(values[i], in: builtin, wanted: wanted, hint: hint, at: i)
  }

  /// The position of a parameter.
  public func index(of argument: Parameter) -> Int {
    guard let index = builtin.parameters.firstIndex(where: { $0 === argument }) else {
      preconditionFailure("\(builtin.name) does not declare \(argument.name)")
    }
    return index
  }
}
