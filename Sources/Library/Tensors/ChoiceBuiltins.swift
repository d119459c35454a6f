import Gradients
import Host
import Language
import Tensors

/// `choice`.
func choiceBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "choice", "Draws from a list, from a tensor's first axis, or from 0 to n - 1.",
      details: """
        Without `count` one element, else a list or tensor of so many. `p` says how likely each is; its \
        sum need not be 1.
        """,
      [
        .required("x", .reducible | .whole, "a list, a tensor, a range or a number n"),
        .optional("count", .whole, .nil, "how many; nil gives one element itself"),
        .optional(
          "replace", .bool, .bool(true), "whether an element can be drawn again", namedOnly: true),
        .optional(
          "p", .reducible | .none, .nil, "a number from 0 up for each element", namedOnly: true),
      ], result: "an element; with count a list or tensor",
      examples: [
        Example("choice([\"a\", \"b\"]) in [\"a\", \"b\"]", "true"),
        Example("sort(choice(4, 4, replace: false))", "tensor [4] int32\n[0, 1, 2, 3]"),
        Example("choice([1, 2, 3], 2, p: [0, 1, 0])", "[2, 2]"),
      ], methodOf: ["tensor"]
    ) { call in
      let source = try Source(call)
      let wanted = call.isNil("count") ? 1 : try call.int("count", minimum: 0)
      let weights = call.isNil("p") ? nil : try call.probabilities("p", source.count)
      let replaces = try call.bool("replace")
      let available = weights.map { $0.filter { $0 > 0 }.count } ?? source.count
      guard wanted == 0 || available > 0, replaces || wanted <= available else {
        throw Failure(
          "value",
          "choice: \(wanted) cannot be drawn from \(available)"
            + (replaces ? "" : " without drawing one again"))
      }
      let positions = library.random.draw {
        Tensor.choice(wanted, of: source.count, weights: weights, replaces: replaces, key: $0)
      }
      return try source.taking(positions, single: call.isNil("count"))
    }
  ]
}

/// What is drawn from.
private enum Source {
  case list([Value])
  case tensor(Variable)

  init(_ call: Call) throws {
    switch call["x"] {
    case .list(let list): self = .list(list.items)
    case .number:
      self = .tensor(Variable(try Tensor.arange(0, Double(call.int("x", minimum: 0)), .int32)))
    default: self = .tensor(try call.variable("x"))
    }
    if case .tensor(let x) = self, x.shape.isEmpty {
      throw call.wrong("x", "a list, a tensor with an axis, a range or a number")
    }
  }

  var count: Int {
    switch self {
    case .list(let items): items.count
    case .tensor(let x): x.shape[0]
    }
  }

  func taking(_ positions: [Int], single: Bool) throws -> Value {
    switch self {
    case .list(let items):
      return single ? items[positions[0]] : .list(List(positions.map { items[$0] }))
    case .tensor(let x):
      if single {
        let item = try x.at([.item(positions[0])])
        return item.shape.isEmpty && x.dtype == .int32
          ? .number(item.value.element(0)) : Value(item)
      }
      let rows = try Tensor(
        positions.map { Int32(truncatingIfNeeded: $0) }, shape: [positions.count])
      return Value(try x.at([.tensor(rows)]))
    }
  }
}

extension Call {
  fileprivate func probabilities(_ name: String, _ count: Int) throws -> [Double] {
    let numbers = try constant(name).cast(to: .float64).array(Double.self)
    guard numbers.count == count, numbers.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw wrong(name, "a number from 0 up for each of the \(count) elements")
    }
    return numbers
  }
}
