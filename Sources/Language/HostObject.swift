import Host

/// The base of every value the library brings to the language. A subclass overrides what its kind
/// can do; what it leaves is a clear error.
open class HostObject {
  /// Makes an object.
  public init() {}

  /// The kind's name as errors and `type(x)` say it: `tensor`, `dataset`.
  open var typeName: String { "object" }
  /// Whether the kind is a value: then `x[i] = e` replaces `x` and never changes another name's.
  open var isValue: Bool { false }
  /// One line: what lists show.
  open var summary: String { "<\(typeName)>" }
  /// What `print` and `str` show, several lines at most.
  open var printed: String { summary }
  /// The number that it is where a whole number is wanted, as an index, a key, a range's end or an
  /// argument; nil for most.
  open var wholeNumber: Double? { nil }
  /// A short text for errors: the kind, and the shape where the object has one: `tensor [2, 3]`.
  open var brief: String {
    if let shape = try? member("shape"), case .list = shape {
      return "\(typeName) \(shape.printed)"
    }
    return typeName
  }
  /// What the prompt shows, several lines at most.
  open func display(columns: Int) -> String { summary }
  /// The text of `f"{x:spec}"`; nil lets the language format `summary`.
  open func formatted(_ spec: String) throws -> String? { nil }

  /// The members that objects of the kind have. Methods are builtins (`Builtin.methodOf`) and not among
  /// them.
  open class var members: [Member] { [] }
  /// A member's value, or nil where there is none of the name. A kind overrides it where the names after
  /// the dot are each object's own.
  open func member(_ name: String) throws -> Value? {
    try type(of: self).members.first { $0.name == name }?.value(self)
  }
  /// The names `member` knows, for completion and errors.
  open var memberNames: [String] { type(of: self).members.map(\.name) }
  /// Sets a field; false where there is none of the name.
  open func setMember(_ name: String, to value: Value) throws -> Bool { false }

  /// `x[...]`.
  open func subscripted(_ index: [Subscript]) throws -> Value {
    throw Failure("type", "\(typeName) can't be indexed")
  }
  /// `x[...] = value`: the object to store back in x's place. A value kind changes itself only if
  /// `isUnique` says nobody else holds it, and otherwise gives a changed copy.
  open func settingSubscript(_ index: [Subscript], to value: Value, isUnique: Bool) throws
    -> HostObject
  {
    throw Failure("type", "\(typeName) can't be assigned to by index")
  }
  /// `len(x)`; nil where it has none.
  open func length() throws -> Int? { nil }
  /// The elements `for` goes over, one at a time; nil where there are none.
  open func iterator() throws -> (() throws -> Value?)? { nil }
  /// `needle in x`; nil where it makes no sense.
  open func contains(_ needle: Value) throws -> Bool? { nil }

  /// Whether `x(...)` makes sense: then `x` stands wherever a function is wanted.
  open var isCallable: Bool { false }
  /// `x(...)`; nil where it can't be called.
  open func call(_ arguments: CallArguments, on machine: Machine) throws -> Value? { nil }
  /// An operator with the object on either side; nil where it makes no sense.
  open class func binary(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    nil
  }
  /// `-x`; nil where it makes no sense.
  open func negated() throws -> Value? { nil }
  /// The truth of a one-element bool tensor; nil where it is no condition.
  open func truth() throws -> Bool? { nil }
  /// Deep equality inside lists and maps, a single answer.
  open func isEqual(_ other: HostObject) -> Bool { self === other }
  /// Adds to a digest what the object is by itself, and gives the values that it holds beside; the same in
  /// every run. Throws `no-digest` where that can't be said.
  open func addContent(to digest: inout Digest) throws -> [Value] {
    throw Failure("no-digest", "digest: a value of type \(typeName) has no digest")
  }
}

/// One position in `x[a, b..c, :]`.
public enum Subscript {
  /// A number, list, mask or any other value.
  case value(Value)
  /// `low..high`, either may be missing; `:` misses both.
  case slice(low: Int?, high: Int?)
  /// `...`
  case ellipsis
}

/// The arguments of a call as they stand at the call.
public struct CallArguments {
  /// Those without a name, in order.
  public var positional: [Value]
  /// Those with one, in order.
  public var named: [(name: String, value: Value)]
  /// Makes arguments.
  public init(_ positional: [Value] = [], named: [(name: String, value: Value)] = []) {
    self.positional = positional
    self.named = named
  }
}
