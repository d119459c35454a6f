import Host
import Tensors

extension Variable {
  /// The quantiles of the elements at the fractions `q`, linearly interpolated as by default in
  /// NumPy, along a new first axis. NaN if an element is NaN. Integers give float32. Throws
  /// `value`.
  public func quantiles(_ q: [Double], axes: [Int]? = nil, keepDims: Bool = false) throws
    -> [Variable]
  {
    if let wrong = q.first(where: { !($0 >= 0 && $0 <= 1) }) {
      throw Failure("value", "quantile: q goes from 0 to 1, got \(wrong)")
    }
    return try ordered("quantile", axes, keepDims) { line in
      try q.map { q in
        let position = q * Double(line.count - 1)
        let low = Int(position)
        let part = position - Double(low)
        let a = try line.item(low)
        if part == 0 { return a }
        let b = try line.item(low + 1)
        let step = try b - a
        let between =
          try part < 0.5
          ? a + Variable.apply(.multiply, step, part)
          : b - Variable.apply(.multiply, step, 1 - part)
        // No interpolation between an infinite value and its neighbour.
        let nearest = try Variable.choose(a.value.mapped(.isinf), a, between)
        return try Variable.choose(b.value.mapped(.isinf), b, nearest)
      }
    }
  }

  /// The middle element, or the mean of the two middle elements; NaN if an element is NaN. Integers
  /// give float32. Throws `value`.
  public func median(axes: [Int]? = nil, keepDims: Bool = false) throws -> Variable {
    try ordered("median", axes, keepDims) { line in
      let upper = try line.item(line.count / 2)
      if line.count % 2 == 1 { return [upper] }
      return [try Variable.apply(.multiply, line.item(line.count / 2 - 1) + upper, 0.5)]
    }[0]
  }

  /// The elements sorted in ascending order along the last axis.
  private struct Line {
    let elements: Variable
    var count: Int { elements.shape[elements.shape.count - 1] }

    func item(_ i: Int) throws -> Variable {
      try elements.at(
        [TensorIndex](repeating: .slice(low: nil, high: nil), count: elements.shape.count - 1)
          + [.item(i)])
    }
  }

  /// Applies `body` to the elements along `axes` in ascending order.
  private func ordered(
    _ operation: String, _ axes: [Int]?, _ keepDims: Bool, _ body: (Line) throws -> [Variable]
  ) throws -> [Variable] {
    let x = try dtype.isFloating ? self : cast(to: .float32)
    let gone = try value.resolve(axes, in: operation)
    let stay = shape.indices.filter { !gone.contains($0) }
    let width = gone.reduce(1) { $0 * shape[$1] }
    guard width > 0 else { throw Failure("value", "\(operation): there are no elements") }
    let kept = stay.map { shape[$0] }
    let line = Line(
      elements: try x.transposed(stay + gone).reshape(kept + [width]).sorted(axis: -1))
    // NaN is sorted last.
    let last = try line.item(width - 1)
    let result = keepDims ? shape.indices.map { gone.contains($0) ? 1 : shape[$0] } : kept
    return try body(line).map {
      try Variable.choose(last.value.mapped(.isnan), last, $0).reshape(result)
    }
  }
}
