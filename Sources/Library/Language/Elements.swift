import Host
import Language

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

/// What an argument gives that can be gone over.
struct Elements {
  /// The list, range, map or other value.
  let value: Value

  /// The elements, one at a time.
  func iterator() throws -> () throws -> Value? {
    guard let next = try value.elements() else {
      throw Failure("type", "\(value.brief) has no elements to go over")
    }
    return next
  }
}

extension ArgumentType where T == Elements {
  /// Whatever `for` goes over.
  static var sequence: Self { Self(.sequence) { Elements(value: $0) } }
}
