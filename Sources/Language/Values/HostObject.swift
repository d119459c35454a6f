import Host
import Syntax

/// The base class of every value that the library adds to the language. A subclass overrides the
/// operations that its type supports; the others report a clear error.
open class HostObject {
  /// Makes an object.
  public init() {}

  /// The name of the type as errors and `type(x)` show it: `tensor`, `dataset`.
  open var typeName: String { "object" }
  /// Whether the type has value semantics: `x[i] = e` then replaces `x` and never changes the value
  /// of another name.
  open var isValue: Bool { false }
  /// One line, as shown in lists.
  open var summary: String { "<\(typeName)>" }
  /// The text that `print` and `str` show, of several lines at most.
  open var printed: String { summary }
  /// The number it represents where a whole number is expected, as an index, a key, a bound of a
  /// range or an argument; nil for most objects.
  open var wholeNumber: Double? { nil }
  /// A short text for errors: the type, and the shape if the object has one: `tensor [2, 3]`.
  open var brief: String {
    if let shape = try? member("shape"), case .list = shape {
      return "\(typeName) \(shape.printed)"
    }
    return typeName
  }
  /// The text that the prompt shows, of several lines at most.
  open func display(columns: Int) -> String { summary }
  /// The text of `f"{x:spec}"`; nil lets the language format `summary`.
  open func formatted(_ spec: String) throws -> String? { nil }

  /// The members that objects of the type have. Methods are builtins (`Builtin.methodOf`) and not
  /// included.
  open class var members: [AnyMember] { [] }
  /// A member's value; nil if there is no member of that name. A type overrides it if each object
  /// has its own member names.
  open func member(_ name: String) throws -> Value? {
    try type(of: self).members.first { $0.name == name }?.value(self)
  }
  /// The names that `member` accepts, for completion and errors.
  open var memberNames: [String] { type(of: self).members.map(\.name) }
  /// Sets a field; returns false if there is no field of that name.
  open func setMember(_ name: String, to value: Value, on machine: any Caller) throws -> Bool {
    false
  }

  /// `x[...]`.
  open func subscripted(_ index: [Subscript]) throws -> Value {
    throw Failure("type", "\(typeName) can't be indexed")
  }
  /// `x[...] = value`: returns the object to store back in x's place. A type with value semantics
  /// changes itself only if `isUnique` says that there is no other reference, and otherwise returns
  /// a changed copy.
  open func settingSubscript(
    _ index: [Subscript], to value: Value, isUnique: Bool, on machine: any Caller
  ) throws -> HostObject {
    throw Failure("type", "\(typeName) can't be assigned to by index")
  }
  /// `len(x)`; nil if it has no length.
  open func length() throws -> Int? { nil }
  /// The elements over which `for` iterates, one at a time; nil if it is not iterable.
  open func iterator() throws -> (() throws -> Value?)? { nil }
  /// The keys and values over which `for key, value` iterates, if the elements are keys with values
  /// as those of a map are; nil if they are not.
  open func entries() throws -> (() throws -> (key: Value, value: Value)?)? { nil }
  /// `needle in x`; nil if the operation is not supported.
  open func contains(_ needle: Value) throws -> Bool? { nil }

  /// Whether `x(...)` is supported; `x` can then be used wherever a function is expected.
  open var isCallable: Bool { false }
  /// `x(...)`; nil if it can't be called.
  open func call(_ arguments: CallArguments, on machine: any Caller) throws -> Value? { nil }
  /// An operator with the object on either side; nil if it is not supported.
  open class func binary(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    nil
  }
  /// `-x`; nil if it is not supported.
  open func negated() throws -> Value? { nil }
  /// The truth of a one-element bool tensor; nil if the object is not a condition.
  open func truth() throws -> Bool? { nil }
  /// Deep equality inside lists and maps, as a single bool.
  open func isEqual(_ other: HostObject) -> Bool { self === other }
  /// Adds the object's own content to a digest and returns the values that it contains in addition;
  /// both are the same in every run. Throws `no-digest` if that is not possible.
  open func addContent(to digest: inout Digest) throws -> [Value] {
    throw Failure("no-digest", "digest: a value of type \(typeName) has no digest")
  }
}

/// One position in `x[a, b..c, :]`.
public enum Subscript {
  /// A number, list, mask or any other value.
  case value(Value)
  /// `low..high`, where either may be omitted; `:` omits both.
  case slice(low: Int?, high: Int?)
  /// `...`
  case ellipsis
}

extension Value {
  /// The value as a host object of a class; nil for any other value.
  public func instance<T: HostObject>(of type: T.Type) -> T? {
    if case .object(let object) = self { object as? T } else { nil }
  }
}
