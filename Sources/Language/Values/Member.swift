/// A member of the objects of a type: how its value is read, and its help text.
public struct Member {
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

  /// Declares a member of the objects of a class.
  public init<Object: HostObject>(
    _ name: String, _ result: String, _ about: String, isSettable: Bool = false,
    of kind: Object.Type, _ value: @escaping (Object) throws -> Value?
  ) {
    self.name = name
    self.result = result
    self.about = about
    self.isSettable = isSettable
    self.value = { object in try (object as? Object).flatMap(value) }
  }
}
