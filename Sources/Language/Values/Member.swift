/// What stands after the dot on the objects of a kind: how it is found, and what help says of it.
public struct Member {
  /// The name after the dot.
  public let name: String
  /// What it gives, as help says it: `list`.
  public let result: String
  /// A sentence on it.
  public let about: String
  /// Whether `x.name = value` sets it.
  public let isSettable: Bool
  /// Its value on an object; nil where this one has none.
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
