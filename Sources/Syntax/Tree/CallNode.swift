/// A call.
public final class CallNode {
  /// The called expression. `.member(x, name)` is a method call, or a call of a module's member.
  public let callee: Expression
  /// The arguments; the left side of a pipe is the first.
  public let arguments: [ArgumentNode]
  /// Whether it is written as a command: `print x`.
  public let isCommand: Bool
  /// Whether the first argument was passed by `|>`.
  public let isPipe: Bool
  /// Makes a call.
  public init(
    callee: Expression, arguments: [ArgumentNode], isCommand: Bool = false, isPipe: Bool = false
  ) {
    self.callee = callee
    self.arguments = arguments
    self.isCommand = isCommand
    self.isPipe = isPipe
  }
}

/// An argument.
public struct ArgumentNode {
  /// Its name, if it is a named argument.
  public let name: Name?
  /// Its value.
  public let value: Expression
  /// Makes an argument.
  public init(name: Name?, value: Expression) {
    self.name = name
    self.value = value
  }
}

/// One position between the brackets of an index.
public enum SubscriptNode {
  /// A value.
  case value(Expression)
  /// `low..high`, `low..`, `..high`, and `:` for all.
  case slice(Expression?, Expression?, Span)
  /// `...`
  case ellipsis(Span)

  /// The expressions of the position, in order.
  public var expressions: [Expression] {
    switch self {
    case .value(let value): [value]
    case .slice(let low, let high, _): [low, high].compactMap { $0 }
    case .ellipsis: []
    }
  }
}
