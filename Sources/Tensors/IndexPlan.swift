import Host

/// One position in `x[a, b..c, ...]`.
public enum TensorIndex: Sendable {
  /// A single item; the axis is removed. Negative numbers count from the end.
  case item(Int)
  /// Items low..<high, clipped to the axis; negative bounds count from the end.
  case slice(low: Int?, high: Int?)
  /// Items at a constant step, forwards or backwards; the closure determines them from the size of
  /// the axis.
  case steps(@Sendable (Int) throws -> (first: Int, step: Int, count: Int))
  /// All axes that the other positions leave over.
  case ellipsis
  /// An integer tensor (the items, in its shape) or a bool tensor (the positions where it is true).
  case tensor(Tensor)
}

/// The positions of the elements selected by an index, following NumPy: integer tensors are
/// broadcast with each other; their axes stay in place, or come first if a slice separates them.
struct IndexPlan {
  /// The shape of the selection.
  let shape: [Int]
  /// Whether the index consists only of items and slices and is fully described by `strides`.
  let isBasic: Bool
  /// The position of the first selected element.
  private(set) var start = 0
  /// For a basic index, the strides of `shape`.
  var strides: [Int] { before.map(\.stride) + after.map(\.stride) }

  private var before: [(size: Int, stride: Int)] = []
  /// The position offsets given by the integer tensors.
  private var picks: [Int] = [0]
  private var after: [(size: Int, stride: Int)] = []

  init(_ index: [TensorIndex], of x: [Int]) throws {
    let index = try IndexPlan.expanded(index, of: x)
    let allStrides = Tensor.strides(x)
    isBasic = !index.contains { if case .tensor = $0 { true } else { false } }
    var axis = 0
    // Advanced indices: the axis, its items and their shape.
    var chosen: [(axis: Int, items: [Int], shape: [Int])] = []
    var isParted = false
    var sliceAfterChosen = false
    for position in index {
      switch position {
      case .item(let i):
        let item = try IndexPlan.resolve(i, axis, x)
        if isBasic {
          start += item * allStrides[axis]
        } else {
          if sliceAfterChosen { isParted = true }
          chosen.append((axis, [item], []))
        }
        axis += 1
      case .slice, .steps:
        let steps = try IndexPlan.steps(position, x[axis])
        start += steps.first * allStrides[axis]
        let loop = (size: steps.count, stride: steps.step * allStrides[axis])
        if chosen.isEmpty {
          before.append(loop)
        } else {
          sliceAfterChosen = true
          after.append(loop)
        }
        axis += 1
      case .tensor(let tensor):
        if sliceAfterChosen { isParted = true }
        if tensor.dtype == .bool {
          // The mask's axes are consecutive, so a single number indexes all of them.
          let items = try IndexPlan.places(tensor, axis, x)
          chosen.append((axis + tensor.rank - 1, items, [items.count]))
          axis += tensor.rank
        } else {
          let items = try tensor.cast(to: .int32).array(Int32.self).map {
            try IndexPlan.resolve(Int($0), axis, x)
          }
          chosen.append((axis, items, tensor.shape))
          axis += 1
        }
      case .ellipsis: break
      }
    }
    if isBasic {
      shape = before.map(\.size)
      return
    }
    var pickShape: [Int] = []
    for choice in chosen {
      pickShape = try Tensor.broadcastShape(pickShape, choice.shape, in: "index")
    }
    picks = [Int](repeating: 0, count: pickShape.reduce(1, *))
    for choice in chosen {
      let plan = try Broadcast(choice.shape, pickShape, in: "index")
      for i in picks.indices {
        let from = plan.start(i / plan.inner).0 + (plan.stepA ? i % plan.inner : 0)
        picks[i] += choice.items[from] * allStrides[choice.axis]
      }
    }
    if isParted {
      after = before + after
      before = []
    }
    shape = before.map(\.size) + pickShape + after.map(\.size)
  }

  /// The index with the ellipsis replaced and missing axes added as full slices.
  private static func expanded(_ index: [TensorIndex], of x: [Int]) throws -> [TensorIndex] {
    var taken = 0
    var ellipses = 0
    for position in index {
      switch position {
      case .ellipsis: ellipses += 1
      case .tensor(let tensor):
        guard !tensor.dtype.isFloating else {
          throw Failure(
            "type", "index: a tensor index must be bool or integer, got \(tensor.dtype.name)")
        }
        guard tensor.dtype != .bool || tensor.rank > 0 else {
          throw Failure("type", "index: a mask must have an axis, got a single bool")
        }
        taken += tensor.dtype == .bool ? tensor.rank : 1
      default: taken += 1
      }
    }
    guard taken <= x.count, ellipses <= 1 else {
      throw Failure(
        "index",
        ellipses > 1
          ? "index: only one ... can be used in an index"
          : "index: \(taken) positions for the \(x.count) axes of \(Tensor.describe(x))")
    }
    let missing = [TensorIndex](
      repeating: .slice(low: nil, high: nil), count: x.count - taken)
    guard
      let place = index.firstIndex(where: { if case .ellipsis = $0 { true } else { false } })
    else { return index + missing }
    return index[..<place] + missing + index[(place + 1)...]
  }

  private static func resolve(_ i: Int, _ axis: Int, _ x: [Int]) throws -> Int {
    let size = x[axis]
    guard i >= -size, i < size else {
      throw Failure(
        "index", "index \(i) is out of range for axis \(axis) of \(Tensor.describe(x))",
        hint: size == 0 ? "the axis is empty" : "it goes from \(-size) to \(size - 1)")
    }
    return i < 0 ? i + size : i
  }

  /// The items that a slice or steps select on an axis of a given size.
  private static func steps(_ position: TensorIndex, _ size: Int) throws -> (
    first: Int, step: Int, count: Int
  ) {
    switch position {
    case .slice(let low, let high):
      let range = clip(low, high, size)
      return (range.lowerBound, 1, range.count)
    case .steps(let steps): return try steps(size)
    default: return (0, 1, size)
    }
  }

  /// The range after clipping, as in Python.
  static func clip(_ low: Int?, _ high: Int?, _ size: Int) -> Range<Int> {
    func place(_ i: Int) -> Int { min(max(i < 0 ? i + size : i, 0), size) }
    let first = low.map(place) ?? 0
    return first..<max(first, high.map(place) ?? size)
  }

  /// The positions where a mask is true, as flat indices over its axes, which must match those from
  /// `axis` on.
  private static func places(_ mask: Tensor, _ axis: Int, _ x: [Int]) throws -> [Int] {
    let covered = Array(x[axis..<axis + mask.rank])
    guard mask.shape == covered else {
      throw Failure(
        "shape",
        "index: a mask of shape \(Tensor.describe(mask.shape)) does not fit "
          + Tensor.describe(covered))
    }
    return mask.read(Bool.self) { values in (0..<mask.count).filter { values[$0] } }
  }

  /// Calls `body` with (position in the tensor, position in the selection, length) for each run of
  /// adjacent elements, in order on the calling thread.
  @inline(__always)
  func forEachRun(_ body: (Int, Int, Int) -> Void) {
    if shape.contains(0) { return }
    // Trailing axes without gaps form one run.
    var run = 1
    var loops = after
    while let last = loops.last, last.stride == run {
      run *= last.size
      loops.removeLast()
    }
    let outer = before.reduce(1) { $0 * $1.size }
    let inner = loops.reduce(1) { $0 * $1.size }
    var target = 0
    for o in 0..<outer {
      let base = start + IndexPlan.position(o, before)
      for pick in picks {
        for i in 0..<inner {
          body(base + pick + IndexPlan.position(i, loops), target, run)
          target += run
        }
      }
    }
  }

  @inline(__always)
  private static func position(_ index: Int, _ loops: [(size: Int, stride: Int)]) -> Int {
    var rest = index
    var position = 0
    for loop in loops.reversed() {
      position += rest % loop.size * loop.stride
      rest /= loop.size
    }
    return position
  }
}
