import Host
import Syntax

/// Members of values: the names after a dot.
extension Machine {
  /// A member, in order to call it.
  func attribute(_ name: String, of value: Value) throws -> Value {
    if case .map(let map) = value {
      guard let found = map.storage[.string(name)] else {
        var failure = ElementAccess.missing(.string(name), in: map)
        failure.hint = Foreign.hint(forMember: name) ?? failure.hint
        throw failure
      }
      return found
    }
    if case .object(let object) = value {
      if let member = try object.member(name) { return member }
      throw Failure("member", "\(value.typeName) has no \(name)", hint: memberHint(name, of: value))
    }
    throw Failure(
      "member", "\(value.typeName) has no method \(name)", hint: memberHint(name, of: value))
  }

  /// A suggestion for a member that a value does not have: first for names of other languages, then
  /// the function of that name, then the nearest of the value's own members.
  func memberHint(_ name: String, of value: Value) -> String? {
    if let hint = Foreign.hint(forMember: name) { return hint }
    if case .builtin(let builtin)? = world.environment.known(name),
      builtin.parameters.first?.type.accepts(value) == true
    {
      return "`\(name)` is a function: `\(name)(\(builtin.parameters.count > 1 ? "x, ..." : "x"))`"
    }
    var own = world.environment.memberNames.filter {
      world.environment.method($0, of: value.typeName) != nil
    }
    if case .object(let object) = value { own.formUnion(object.memberNames) }
    return NearestMatch.of(name, among: own).map { "did you mean `\($0)`?" }
  }

  /// `x.name` for a value that is not a map.
  func field(_ name: String, of value: Value) throws -> Value {
    if case .object(let object) = value, let member = try object.member(name) { return member }
    let type = value.typeName
    if world.environment.method(name, of: type) != nil {
      throw Failure("member", "\(name) of a \(type) is called", hint: "write x.\(name)()")
    }
    throw Failure("member", "\(type) has no \(name)", hint: memberHint(name, of: value))
  }

  /// `x.name = value` for a value that is not a map.
  func setField(_ name: String, of container: Value, to value: Value) throws {
    if case .object(let object) = container {
      if try object.setMember(name, to: value, on: self) { return }
      throw Failure(
        "member", "\(container.typeName) has no \(name) that can be set",
        hint: NearestMatch.of(name, among: object.memberNames).map { "did you mean `\($0)`?" })
    }
    throw Failure("member", "\(container.brief) has no fields that can be set")
  }
}
