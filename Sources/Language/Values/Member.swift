/// A member of the objects of a class, without the class: what help and the machine need.
public class AnyMember: @unchecked Sendable {
  /// The name after the dot.
  public let name: String
  /// The type of its value, as help shows it: `list`.
  public let result: String
  /// A sentence about it.
  public let about: String
  /// Whether it can be assigned with `x.name = value`.
  public let isSettable: Bool
  /// Reads its value from an object; nil if this object does not have it.
  let value: (HostObject) throws -> Value?

  init(
    name: String, result: String, about: String, isSettable: Bool,
    value: @escaping (HostObject) throws -> Value?
  ) {
    self.name = name
    self.result = result
    self.about = about
    self.isSettable = isSettable
    self.value = value
  }
}

/// A member of the objects of a class: how its value is read, and its help text.
public final class Member<Object: HostObject>: AnyMember, @unchecked Sendable {
  /// Declares a member. `value` gives nil for an object that does not have it.
  public init(
    _ name: String, _ result: String, _ about: String, isSettable: Bool = false,
    _ value: @escaping (Object) throws -> Value?
  ) {
    super.init(name: name, result: result, about: about, isSettable: isSettable) { object in
      try (object as? Object).flatMap(value)
    }
  }
}
