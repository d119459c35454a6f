import Host

/// The traversal of a contiguous tensor to reduce some of its axes. Adjacent axes of the same kind
/// are merged, so the innermost axis is either reduced (each output folds whole rows) or kept (each
/// row contributes to as many outputs).
struct Reduction {
  /// The result's shape.
  let shape: [Int]
  /// The number of elements reduced to one result.
  let count: Int
  let inner: Int
  let isInnerReduced: Bool
  private let kept: Walk
  private let reduced: Walk

  /// The axes outside the innermost: sizes and strides.
  private struct Walk {
    var sizes: [Int] = []
    var strides: [Int] = []
    var count: Int { sizes.reduce(1, *) }

    @inline(__always)
    func position(_ index: Int) -> Int {
      var rest = index
      var position = 0
      var axis = sizes.count - 1
      while axis > 0 {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: sizes[axis])
        position += remainder * strides[axis]
        rest = quotient
        axis -= 1
      }
      return axis == 0 ? position + rest * strides[0] : position
    }
  }

  /// `axes` must be valid and sorted; see `Tensor.resolve`.
  init(_ shape: [Int], _ axes: [Int], keepDims: Bool) {
    self.shape = (0..<shape.count).compactMap {
      axes.contains($0) ? (keepDims ? 1 : nil) : shape[$0]
    }
    count = axes.reduce(1) { $0 * shape[$1] }
    var sizes: [Int] = []
    var strides: [Int] = []
    var flags: [Bool] = []
    var stride = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      let flag = axes.contains(axis)
      if let last = flags.indices.last, flags[last] == flag {
        sizes[last] *= shape[axis]
      } else {
        sizes.append(shape[axis])
        strides.append(stride)
        flags.append(flag)
      }
      stride *= shape[axis]
    }
    inner = sizes.first ?? 1
    isInnerReduced = flags.first ?? true
    var kept = Walk()
    var reduced = Walk()
    for i in sizes.indices.dropFirst().reversed() {
      if flags[i] {
        reduced.sizes.append(sizes[i])
        reduced.strides.append(strides[i])
      } else {
        kept.sizes.append(sizes[i])
        kept.strides.append(strides[i])
      }
    }
    self.kept = kept
    self.reduced = reduced
  }

  /// Folds `x`. Long reductions are divided into pieces whose states are merged in order. The
  /// pieces depend only on the shape, so the result does not depend on the number of threads.
  func run<F: Fold>(_ x: Tensor, _ fold: F) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, F.Output.dtype)
    if result.count == 0 { return result }
    let groups = kept.count
    let rows = reduced.count
    x.read(F.Input.self) { x in
      result.fill(F.Output.self) { out in
        if count == 0 {
          for i in 0..<result.count { out[i] = fold.finish(fold.initial, count: 0) }
        } else if isInnerReduced {
          foldRows(x, out, fold, groups: groups, rows: rows)
        } else {
          foldColumns(x, out, fold, groups: groups, rows: rows)
        }
      }
    }
    return result
  }

  private func foldRows<F: Fold>(
    _ x: UnsafePointer<F.Input>, _ out: UnsafeMutablePointer<F.Output>, _ fold: F, groups: Int,
    rows: Int
  ) {
    // A piece consists of whole rows, or is a part of a long row.
    let few = groups < 16
    let width = few ? min(inner, grainElements) : inner
    let across = (inner - 1) / width + 1
    let height = few && across == 1 ? max(1, grainElements / inner) : (few ? 1 : rows)
    let pieces = ((rows - 1) / height + 1) * across
    let states = UnsafeMutablePointer<F.State>.allocate(capacity: groups * pieces)
    defer { states.deallocate() }
    parallel(groups * pieces, grain: max(1, grainElements / (height * width))) { parts in
      for part in parts {
        let (group, piece) = part.quotientAndRemainder(dividingBy: pieces)
        let low = piece % across * width
        let first = piece / across * height
        let start = x + kept.position(group) + low
        var state = fold.initial
        for row in first..<min(first + height, rows) {
          fold.row(start + reduced.position(row), min(width, inner - low), &state, output: group)
        }
        (states + part).initialize(to: state)
      }
    }
    for group in 0..<groups {
      var state = states[group * pieces]
      for piece in 1..<max(pieces, 1) {
        state = fold.merge(state, states[group * pieces + piece])
      }
      out[group] = fold.finish(state, count: count)
    }
  }

  private func foldColumns<F: Fold>(
    _ x: UnsafePointer<F.Input>, _ out: UnsafeMutablePointer<F.Output>, _ fold: F, groups: Int,
    rows: Int
  ) {
    let width = min(inner, 1024)
    let across = (inner - 1) / width + 1
    let height = groups * across < 16 ? max(1, grainElements / width) : rows
    let pieces = (rows - 1) / height + 1
    let states = UnsafeMutablePointer<F.State>.allocate(capacity: groups * pieces * inner)
    defer { states.deallocate() }
    parallel(groups * pieces * across, grain: max(1, grainElements / (height * width))) { parts in
      for part in parts {
        let (block, column) = part.quotientAndRemainder(dividingBy: across)
        let (group, piece) = block.quotientAndRemainder(dividingBy: pieces)
        let low = column * width
        let wide = min(width, inner - low)
        let here = states + block * inner + low
        here.initialize(repeating: fold.initial, count: wide)
        let start = x + kept.position(group) + low
        for row in piece * height..<min((piece + 1) * height, rows) {
          fold.columns(start + reduced.position(row), wide, here, output: group * inner + low)
        }
      }
    }
    for group in 0..<groups {
      let first = states + group * pieces * inner
      for piece in 1..<max(pieces, 1) {
        for j in 0..<inner { first[j] = fold.merge(first[j], first[piece * inner + j]) }
      }
      for j in 0..<inner { out[group * inner + j] = fold.finish(first[j], count: count) }
    }
  }
}

/// A fold over the elements of one result. `output` is the position of the result; in `columns`,
/// that of the first result.
protocol Fold {
  associatedtype Input: Element
  associatedtype State
  associatedtype Output: Element
  /// The initial state.
  var initial: State { get }
  /// Adds `n` elements of one result to its state.
  func row(_ x: UnsafePointer<Input>, _ n: Int, _ state: inout State, output: Int)
  /// Adds one element of each of `n` results to their states.
  func columns(
    _ x: UnsafePointer<Input>, _ n: Int, _ states: UnsafeMutablePointer<State>, output: Int)
  /// Combines two states.
  func merge(_ a: State, _ b: State) -> State
  /// The result of a state.
  func finish(_ state: State, count: Int) -> Output
}
