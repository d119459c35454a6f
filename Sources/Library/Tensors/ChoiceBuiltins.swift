import Gradients
import Host
import Language
import Tensors

private let source = Argument("x", .source, "a list, a tensor, a range or a number n")
private let count = Argument(
  "count", .optional(.whole(0...)), "how many; nil gives a single element")
private let replace = Argument(
  "replace", .bool, default: true, "whether an element can be drawn more than once", named: true)
private let weights = Argument(
  "p", .optional(.reducible), "how likely each element is, 0 or more", named: true)

/// The builtin `choice`.
func choiceBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "choice",
      "Draws at random from a list, from the first axis of a tensor, or from 0 to n - 1.",
      details: """
        Without `count` the result is one element, otherwise a list or tensor of that many. The \
        numbers of `p` need not add up to 1.
        """,
      searchTerms: ["sample", "sampling", "multinomial", "weighted"],
      [source, count, replace, weights], result: "an element; with count a list or tensor",
      examples: [
        Example("choice([\"a\", \"b\"]) in [\"a\", \"b\"]", "true"),
        Example("sort(choice(4, 4, replace: false))", "tensor [4] int32\n[0, 1, 2, 3]"),
        Example("choice([1, 2, 3], 2, p: [0, 1, 0])", "[2, 2]"),
      ], methodOf: ["tensor"]
    ) { call in
      let (source, count) = (try call[source], try call[count])
      let wanted = count ?? 1
      let probabilities = try call.probabilities(of: source.count)
      let replaces = try call[replace]
      let available = probabilities.map { $0.count { $0 > 0 } } ?? source.count
      guard wanted == 0 || available > 0, replaces || wanted <= available else {
        throw Failure(
          "value",
          "choice: can't draw \(wanted) from \(available)"
            + (replaces ? "" : " without replacement")
        )
      }
      let positions = library.random.draw {
        Tensor.choice(wanted, of: source.count, weights: probabilities, replaces: replaces, key: $0)
      }
      return try source.taking(positions, single: count == nil)
    }
  ]
}

/// The elements to draw from.
private enum Source {
  case list([Value])
  case tensor(Variable)

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

extension ArgumentType where T == Source {
  /// A list, a tensor with at least one axis, a range, or a number n for the whole numbers from 0
  /// to n - 1.
  fileprivate static var source: Self {
    let count = ArgumentType<Int>.whole(0...)
    return Self(.reducible | count.accepted) { value in
      if case .list(let list) = value { return .list(list.items) }
      if let n = try count.read(value) {
        return .tensor(Variable(try Tensor.arange(0, Double(n), .int32)))
      }
      let x = try TensorObject.tensorOf(value)
      return x.shape.isEmpty ? nil : .tensor(x)
    }.named("list, tensor, range or whole number", limits: ", 0 or more")
  }
}

extension Call {
  fileprivate func probabilities(of count: Int) throws -> [Double]? {
    guard let given = try self[weights] else { return nil }
    let numbers = try given.cut(by: builtin.name).cast(to: .float64).array(Double.self)
    guard numbers.count == count, numbers.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw wrong(weights, "a number, 0 or more, for each of the \(count) elements")
    }
    return numbers
  }
}
