/// The binary operators that a host object may define.
public enum BinaryOperator: UInt8, Sendable {
  case add, subtract, multiply, divide, floorDivide, remainder, matmul, power
  case equal, notEqual, less, lessEqual, greater, greaterEqual

  /// The operator as written.
  public var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .floorDivide: "//"
    case .remainder: "%"
    case .matmul: "@"
    case .power: "^"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    case .greater: ">"
    case .greaterEqual: ">="
    }
  }
}
