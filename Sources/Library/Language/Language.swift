import Language

/// The row "language" of the reference.
func languageBuiltins(_ library: Library) -> [Builtin] {
  outputBuiltins(library) + sequenceBuiltins() + functionBuiltins() + listBuiltins()
    + containerBuiltins() + textBuiltins() + textSearchBuiltins() + numberBuiltins()
    + errorBuiltins() + digestBuiltins()
}

extension ParameterType {
  /// Whatever `for` goes over.
  static let sequence = ParameterType("list, range, map, string or other sequence") {
    switch $0 {
    case .list, .range, .map, .string, .object: true
    default: false
    }
  }
}

extension Call {
  /// The elements of a sequence, one at a time.
  func elements(_ name: String) throws -> () throws -> Value? {
    guard let next = try self[name].elements() else { throw wrong(name, "a sequence") }
    return next
  }
}
