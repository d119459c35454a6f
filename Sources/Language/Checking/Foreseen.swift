import Syntax

/// What the checker knows of a value before the script runs.
public indirect enum Foreseen {
  /// Nothing.
  case unknown
  /// The value itself: a number, string, bool or nil, or a list of these that is written where it is
  /// used.
  case literal(Value)
  /// A list whose items are written where it is used.
  case list([Foreseen])
  /// A map whose values are written where it is used.
  case map([Foreseen])
  /// A builtin.
  case builtin(Builtin)
  /// The result of a call.
  case result(ForeseenCall)
  /// A value of a type.
  case instance(String)

  /// The name of the value's type; nil if it is not known.
  var typeName: String? {
    switch self {
    case .unknown: nil
    case .literal(let value): value.typeName
    case .list: "list"
    case .map: "map"
    case .builtin: "function"
    case .result(let call): call.builtin.resultType
    case .instance(let name): name
    }
  }
}

/// A call of a builtin with what is known of its arguments.
public struct ForeseenCall {
  /// The builtin.
  public let builtin: Builtin
  private let positional: [Foreseen]
  private let named: [String: Foreseen]

  init(_ builtin: Builtin, positional: [Foreseen], named: [String: Foreseen]) {
    (self.builtin, self.positional, self.named) = (builtin, positional, named)
  }

  /// What is known of an argument; nil if it is not given.
  public func argument(_ argument: AnyArgument) -> Foreseen? {
    if let value = named[argument.name] { return value }
    let places = builtin.parameters.filter { !$0.isNamedOnly }
    guard let place = places.firstIndex(where: { $0 === argument }), place < positional.count else {
      return nil
    }
    return positional[place]
  }

  /// The value of an argument that is a literal.
  public subscript<T>(_ argument: Argument<T>) -> T? {
    guard case .literal(let value)? = self.argument(argument) else { return nil }
    return (try? argument.read(value)) ?? nil
  }
}

extension Builtin {
  /// The type of its result, if it is always the same.
  fileprivate var resultType: String? {
    // Of several results only the first word would be seen.
    if isStaged || result.contains(where: { ",;".contains($0) }) || result.contains(" or ") {
      return nil
    }
    let word = result.prefix { $0 != " " }
    return word.isEmpty ? nil : String(word)
  }
}
