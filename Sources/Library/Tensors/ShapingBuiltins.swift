import Datasets
import Gradients
import Language
import Tensors

private let x = Argument("x", .numeric, "a tensor or list")
private let newShape = Argument(
  rest: "shape", .axes, "the sizes, as numbers or one list; one of them may be -1")
private let filled = Argument(
  rest: "shape", .sizes, "the sizes to fill, as numbers or one list")
private let unitAxes = Argument(
  "axis", .optional(.axes), "the axis or axes; nil is all of size 1")
private let flippedAxes = Argument("axis", .optional(.axes), "the axis or axes; nil is all")
private let place = Argument(
  "axis", .whole, "its place in the result, negative ones counted from the last")
private let order = Argument(
  "axes", .optional(.list(of: .whole)), "the axes in their new order; nil reverses them")
private let joined = Argument("tensors", .joined, "a list of tensors, or of data sets")
private let tensors = Argument("tensors", .tensors, "a list of tensors")
private let axis = Argument("axis", .whole, default: 0, "the axis")
private let newAxis = Argument("axis", .whole, default: 0, "where the new axis is in the result")
private let positions = Argument("positions", .list(of: .whole), "where to cut, in rising order")
private let width = Argument(
  "width", .widths,
  "how many: a number for all sides, [before, after] for all axes, or such a pair for each axis")
private let padding = Argument("value", .number, default: 0, "the number that is added")

/// The builtins that change shapes, and join and split tensors.
func shapingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "reshape", "Gives the same elements in another shape.",
      details: "A size of -1 is computed from the others.", searchTerms: ["view", "resize"],
      [x, newShape], result: "tensor",
      examples: [
        Example("reshape(arange(6), 2, -1)", "tensor [2, 3] float32\n[[0, 1, 2],\n [3, 4, 5]]")
      ], methodOf: ["tensor"]
    ) { call in
      let shape = try call.shape(newShape)
      return Value(try call[x].reshaped { try $0.reshape(shape) })
    },
    Builtin(
      "squeeze", "Removes axes of size 1.", [x, unitAxes],
      result: "tensor", examples: [Example("squeeze(zeros(1, 3, 1)).shape", "[3]")],
      methodOf: ["tensor"]
    ) { call in
      let axes = try call[unitAxes]
      return Value(try call[x].reshaped { try $0.squeezed(axes: axes) })
    },
    Builtin(
      "expand_dims", "Adds an axis of size 1.", searchTerms: ["unsqueeze", "new axis"],
      [x, place], result: "tensor",
      examples: [Example("expand_dims(zeros(3), -1).shape", "[3, 1]")],
      methodOf: ["tensor"]
    ) { call in
      let axis = try call[place]
      return Value(try call[x].reshaped { try $0.expanded(axis: axis) })
    },
    Builtin(
      "transpose", "Puts the axes in another order.",
      details: "x.T reverses the axes.", searchTerms: ["permute", "swap axes"],
      [x, order], result: "tensor",
      examples: [Example("transpose(zeros(2, 3, 4), [1, 2, 0]).shape", "[3, 4, 2]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].transposed($0[order])) },
    Builtin(
      "concat", "Joins tensors along an axis, or data sets one after the other.",
      details: """
        Tensors must agree in their other sizes; the result has the widest of their types. Data sets \
        of the same classes are joined as by `mix`, split by split. In a `graph` it joins the channels of \
        what a node takes.
        """,
      searchTerms: ["cat", "concatenate", "hstack", "vstack", "append"],
      [joined, axis], result: "tensor or dataset",
      examples: [
        Example("concat([ones(2), zeros(1)])", "tensor [3] float32\n[1, 1, 0]"),
        Example("len(concat([shapes(3), shapes(5)]))", "8"),
      ]
    ) { call in
      switch try call[joined] {
      case .datasets(let sets): Value(try Dataset.mixed(sets))
      case .tensors(let tensors): Value(try Variable.concat(tensors, axis: call[axis]))
      }
    },
    Builtin(
      "stack", "Joins tensors of one shape along a new axis.", [tensors, newAxis],
      result: "tensor",
      examples: [Example("stack([ones(2), zeros(2)])", "tensor [2, 2] float32\n[[1, 1],\n [0, 0]]")]
    ) { Value(try Variable.stack($0[tensors], axis: $0[newAxis])) },
    Builtin(
      "split_at", "Cuts a tensor along an axis at the given positions.",
      searchTerms: ["chunk"], [x, positions, axis],
      result: "list of tensors, one more than positions",
      examples: [Example("split_at(arange(5), [2])[1]", "tensor [3] float32\n[2, 3, 4]")],
      methodOf: ["tensor"]
    ) { call in
      let parts = try call[x].split(at: call[positions], axis: call[axis])
      return .list(List(parts.map { Value($0) }))
    },
    Builtin(
      "broadcast_to", "Repeats a tensor along axes of size 1 and new axes.",
      searchTerms: ["expand", "repeat", "tile"], [x, filled], result: "tensor",
      examples: [
        Example(
          "broadcast_to(arange(2), 2, 2)", "tensor [2, 2] float32\n[[0, 1],\n [0, 1]]")
      ], methodOf: ["tensor"]
    ) { Value(try $0[x].broadcast(to: $0.shape(filled))) },
    Builtin(
      "flip", "Reverses the order of the elements along axes.",
      searchTerms: ["mirror", "reverse"], [x, flippedAxes], result: "tensor",
      examples: [Example("flip(arange(3))", "tensor [3] float32\n[2, 1, 0]")],
      methodOf: ["tensor"]
    ) { Value(try $0[x].flipped(axes: $0[flippedAxes])) },
    Builtin(
      "pad", "Adds elements around a tensor.", searchTerms: ["padding", "border"],
      [x, width, padding], result: "tensor",
      examples: [
        Example("pad(ones(2), 1)", "tensor [4] float32\n[0, 1, 1, 0]"),
        Example("pad(zeros(2, 2), [[0, 0], [1, 2]]).shape", "[2, 5]"),
      ], methodOf: ["tensor"]
    ) { call in
      let (x, pairs, value) = (try call[x], try call[width], try call[padding])
      let axes = x.shape.count
      guard pairs.count == axes || pairs.count == 1 else {
        throw call.wrong(
          width, "a number, [before, after], or such a pair for each of the \(axes) axes")
      }
      let widths = pairs.count == axes ? pairs : Array(repeating: pairs[0], count: axes)
      return Value(try x.padded(before: widths.map(\.0), after: widths.map(\.1), value: value))
    },
  ]
}

extension ArgumentType where T == [Variable] {
  /// A list of tensors, or of values that are converted to tensors.
  fileprivate static var tensors: Self {
    Self(.list) { value in
      guard case .list(let list) = value else { return nil }
      return try list.items.map { try TensorObject.tensorOf($0) }
    }
  }
}

/// The values that `concat` joins.
private enum Joined {
  case tensors([Variable])
  case datasets([Dataset])
}

extension ArgumentType where T == Joined {
  fileprivate static var joined: Self {
    Self(.list) { value in
      guard case .list(let list) = value else { return nil }
      let sets = list.items.mapAll { $0.instance(of: DatasetObject.self)?.dataset }
      if let sets, !sets.isEmpty { return .datasets(sets) }
      return try ArgumentType<[Variable]>.tensors.read(value).map { .tensors($0) }
    }
  }
}

extension ArgumentType where T == [(Int, Int)] {
  /// The number of elements to add before and after each axis; a single pair applies to all axes.
  fileprivate static var widths: Self {
    let whole = ArgumentType<Int>.whole(0...)
    let pair = ArgumentType<(Int, Int)>.pair("before", "after", of: whole)
    return .either(.either(whole.map { [($0, $0)] }, pair.map { [$0] }), .list(of: pair))
      .named("whole number, [before, after] or a list of such pairs")
  }
}
