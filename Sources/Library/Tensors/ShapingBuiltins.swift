import Datasets
import Gradients
import Host
import Language
import Tensors

private let input = Parameter.required("x", .numeric, "a tensor or list")

/// `reshape squeeze expand_dims transpose concat stack split_at broadcast_to flip pad`.
func shapingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "reshape", "Gives the same elements in another shape.",
      details: "One size may be -1: it is what the others leave.",
      [input, .rest("shape", .axes, "the sizes, as numbers or one list")], result: "tensor",
      examples: [
        Example("reshape(arange(6), 2, -1)", "tensor [2, 3] float32\n[[0, 1, 2],\n [3, 4, 5]]")
      ], methodOf: ["tensor"]
    ) { call in
      let shape = try call.shape("shape", minimum: .min)
      return Value(try call.variable("x").reshaped { try $0.reshape(shape) })
    },
    Builtin(
      "squeeze", "Drops axes of size 1.",
      [input, .optional("axis", .axes, .nil, "the axis or axes; nil is all of size 1")],
      result: "tensor", examples: [Example("squeeze(zeros(1, 3, 1)).shape", "[3]")],
      methodOf: ["tensor"]
    ) { call in
      let axes = try call.axes("axis")
      return Value(try call.variable("x").reshaped { try $0.squeezed(axes: axes) })
    },
    Builtin(
      "expand_dims", "Adds an axis of size 1.",
      [input, .required("axis", .whole, "its place in the result, negative from the last")],
      result: "tensor", examples: [Example("expand_dims(zeros(3), -1).shape", "[3, 1]")],
      methodOf: ["tensor"]
    ) { call in
      let axis = try call.int("axis")
      return Value(try call.variable("x").reshaped { try $0.expanded(axis: axis) })
    },
    Builtin(
      "transpose", "Puts the axes into another order.",
      details: "x.T is the same without an order.",
      [input, .optional("axes", .list, .nil, "the axes in their new order; nil reverses them")],
      result: "tensor",
      examples: [Example("transpose(zeros(2, 3, 4), [1, 2, 0]).shape", "[3, 4, 2]")],
      methodOf: ["tensor"]
    ) { call in
      Value(
        try call.variable("x").transpose(call.isNil("axes") ? nil : call.wholeNumbers("axes")))
    },
    Builtin(
      "concat", "Puts tensors, or data sets, one after the other.",
      details: """
        Tensors go along an axis: their other sizes must agree; the widest type is taken. Data sets of the same \
        classes join as `mix` does it, split by split.
        """,
      [
        .required("tensors", .list, "a list of tensors, or of data sets"),
        .optional("axis", .whole, .number(0), "the axis, of tensors"),
      ], result: "tensor or dataset",
      examples: [
        Example("concat([ones(2), zeros(1)])", "tensor [3] float32\n[1, 1, 0]"),
        Example("len(concat([shapes(3), shapes(5)]))", "8"),
      ]
    ) { call in
      if let sets = try call.datasets("tensors") {
        return .object(DatasetObject(try Dataset.mixed(sets)))
      }
      return Value(try Variable.concat(call.variables("tensors"), axis: call.int("axis")))
    },
    Builtin(
      "stack", "Puts tensors of one shape along a new axis.",
      [
        .required("tensors", .list, "a list of tensors"),
        .optional("axis", .whole, .number(0), "the new axis's place in the result"),
      ], result: "tensor",
      examples: [Example("stack([ones(2), zeros(2)])", "tensor [2, 2] float32\n[[1, 1],\n [0, 0]]")]
    ) { Value(try Variable.stack($0.variables("tensors"), axis: $0.int("axis"))) },
    Builtin(
      "split_at", "Cuts a tensor along an axis at the given positions.",
      [
        input, .required("positions", .list, "where to cut, rising"),
        .optional("axis", .whole, .number(0), "the axis"),
      ], result: "list of tensors, one more than positions",
      examples: [Example("split_at(arange(5), [2])[1]", "tensor [3] float32\n[2, 3, 4]")],
      methodOf: ["tensor"]
    ) { call in
      let parts = try call.variable("x").split(
        at: call.wholeNumbers("positions"), axis: call.int("axis"))
      return .list(List(parts.map { Value($0) }))
    },
    Builtin(
      "broadcast_to", "Repeats a tensor along axes of size 1 and new ones.",
      [input, .rest("shape", .axes, "the sizes to fill, as numbers or one list")],
      result: "tensor",
      examples: [
        Example(
          "broadcast_to(arange(2), 2, 2)", "tensor [2, 2] float32\n[[0, 1],\n [0, 1]]")
      ], methodOf: ["tensor"]
    ) { Value(try $0.variable("x").broadcast(to: $0.shape("shape"))) },
    Builtin(
      "flip", "Reverses the order along axes.",
      [input, .optional("axis", .axes, .nil, "the axis or axes; nil is all")], result: "tensor",
      examples: [Example("flip(arange(3))", "tensor [3] float32\n[2, 1, 0]")],
      methodOf: ["tensor"]
    ) { Value(try $0.variable("x").flipped(axes: $0.axes("axis"))) },
    Builtin(
      "pad", "Adds elements around a tensor.",
      [
        input,
        .required(
          "width", .axes,
          "how many: a number for all sides, [before, after] for each axis alike, or such a pair for "
            + "each axis"),
        .optional("value", .number, .number(0), "the number that is added"),
      ], result: "tensor",
      examples: [
        Example("pad(ones(2), 1)", "tensor [4] float32\n[0, 1, 1, 0]"),
        Example("pad(zeros(2, 2), [[0, 0], [1, 2]]).shape", "[2, 5]"),
      ], methodOf: ["tensor"]
    ) { call in
      let x = try call.variable("x")
      let pairs = try call.padding("width", axes: x.shape.count)
      return Value(
        try x.padded(
          before: pairs.map(\.0), after: pairs.map(\.1), value: call.number("value")))
    },
  ]
}

extension Call {
  /// The tensors of a list.
  func variables(_ name: String) throws -> [Variable] {
    try list(name).map { try TensorObject.tensorOf($0, builtin.name) }
  }

  /// The widths of padding before and after each axis.
  fileprivate func padding(_ name: String, axes: Int) throws -> [(Int, Int)] {
    let wanted = "a number, [before, after], or such a pair for each of the \(axes) axes"
    func whole(_ value: Value) throws -> Int {
      guard case .number(let x) = value, let whole = Int(exactly: x), whole >= 0 else {
        throw wrong(name, wanted)
      }
      return whole
    }
    func pair(_ items: [Value]) throws -> (Int, Int) {
      guard items.count == 2 else { throw wrong(name, wanted) }
      return (try whole(items[0]), try whole(items[1]))
    }
    guard case .list(let list) = self[name] else {
      let width = try whole(self[name])
      return [(Int, Int)](repeating: (width, width), count: axes)
    }
    if case .number? = list.items.first {
      return [(Int, Int)](repeating: try pair(list.items), count: axes)
    }
    guard list.items.count == axes else { throw wrong(name, wanted) }
    return try list.items.map {
      guard case .list(let inner) = $0 else { throw wrong(name, wanted) }
      return try pair(inner.items)
    }
  }
}
