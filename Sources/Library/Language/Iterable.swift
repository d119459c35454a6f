import Host
import Language

extension ParameterType {
  /// Any value that `for` can iterate over.
  static let sequence = (list | .range | .map | .string | .anyObject)
    .named("list, range, map, string or other sequence")
}

/// The elements of an argument that can be iterated over.
struct Iterable {
  /// The list, range, map or other value.
  let value: Value

  /// Returns a function that yields the elements one at a time.
  func iterator() throws -> () throws -> Value? {
    guard let next = try value.elements() else {
      throw Failure("type", "\(value.brief) has no elements to go over")
    }
    return next
  }
}

extension ArgumentType where T == Iterable {
  /// Any value that `for` can iterate over.
  static var sequence: Self { Self(.sequence) { Iterable(value: $0) } }
}

extension ArgumentType where T == Closure {
  /// A function that is written in the language.
  static var closure: Self {
    Self("function of the script") { if case .function(let closure) = $0 { closure } else { nil } }
  }
}
