import Host
import Tensors

/// How `upsampled` fills the pixels of a larger image.
public enum UpsampleMethod: String, CaseIterable, Sendable {
  /// The pixel that contains the upper left corner of the new one.
  case nearest
  /// The mean of the four pixels around the centre of the new one, by their distance.
  case bilinear
}

extension Variable {
  /// The images `[n, c, h, w]` at another size, `[n, c, rows, columns]`: PyTorch's `interpolate` with
  /// `align_corners=False` and without antialiasing. Throws `shape`.
  public func upsampled(to size: (rows: Int, columns: Int), by method: UpsampleMethod) throws
    -> Variable
  {
    let dtype = try commonReal("upsample", [self])
    guard shape.count == 4, shape[2] >= 1, shape[3] >= 1 else {
      throw Failure("shape", "upsample: images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    guard size.rows >= 1, size.columns >= 1 else {
      throw Failure(
        "argument", "upsample: wants 1 row and column or more, got [\(size.rows), \(size.columns)]")
    }
    if (shape[2], shape[3]) == size { return self }
    try Interrupt.check()
    return dtype == .float64
      ? try upsampled(Double.self, size, method) : try upsampled(Float.self, size, method)
  }

  private func upsampled<T: Real>(
    _: T.Type, _ size: (rows: Int, columns: Int), _ method: UpsampleMethod
  ) throws -> Variable {
    let (shape, x) = (shape, value)
    var y = try Tensor(uninitialized: [shape[0], shape[1], size.rows, size.columns], T.dtype)
    if y.count == 0 {
      return Tape.result(.upsample, [self], y) { _ in [try Tensor(zeros: shape, T.dtype)] }
    }
    let places = UpsampledPlaces<T>(shape, size, method)
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in places.read(x, into: y) }
    return Tape.result(.upsample, [self], y) { gradient in
      var dx = try Tensor(zeros: shape, T.dtype)
      try withElements(gradient.reading(T.self), dx.writing(T.self)) { gradient, dx in
        places.spread(gradient, into: dx)
      }
      return [dx]
    }
  }
}

/// Where the pixels of a larger image are read, on all planes of some images.
private struct UpsampledPlaces<T: Real> {
  /// A pixel along an axis, the one after it, and the share of the latter.
  private typealias Place = (low: Int, high: Int, share: T)

  private let planes: Int
  private let width: Int
  private let area: Int
  private let rows: [Place]
  private let columns: [Place]
  private let mixes: Bool

  init(_ shape: [Int], _ size: (rows: Int, columns: Int), _ method: UpsampleMethod) {
    (planes, width, area) = (shape[0] * shape[1], shape[3], shape[2] * shape[3])
    mixes = method == .bilinear
    func places(_ from: Int, _ to: Int) -> [Place] {
      (0..<to).map { i in
        guard method == .bilinear else {
          let pixel = i * from / to
          return (pixel, pixel, 0)
        }
        let at = max((Double(i) + 0.5) * Double(from) / Double(to) - 0.5, 0)
        let low = min(Int(at), from - 1)
        return (low, min(low + 1, from - 1), T(at - Double(low)))
      }
    }
    (rows, columns) = (places(shape[2], size.rows), places(shape[3], size.columns))
  }

  private var grain: Int { max((1 << 15) / max(area, rows.count * columns.count), 1) }

  /// The values of all planes.
  func read(_ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>) {
    parallel(planes, grain: grain) { range in
      var target = range.lowerBound * rows.count * columns.count
      for plane in range {
        for row in rows {
          let (above, below) = (
            x + plane * area + row.low * width, x + plane * area + row.high * width
          )
          if mixes {
            for (i, at) in columns.enumerated() {
              let top = above[at.low] + (above[at.high] - above[at.low]) * at.share
              let bottom = below[at.low] + (below[at.high] - below[at.low]) * at.share
              y[target + i] = top + (bottom - top) * row.share
            }
          } else {
            for (i, at) in columns.enumerated() { y[target + i] = above[at.low] }
          }
          target += columns.count
        }
      }
    }
  }

  /// Adds each gradient to the pixels that its value was read from, by their shares.
  func spread(_ gradient: UnsafePointer<T>, into dx: UnsafeMutablePointer<T>) {
    parallel(planes, grain: grain) { range in
      var source = range.lowerBound * rows.count * columns.count
      for plane in range {
        for row in rows {
          let (above, below) = (
            dx + plane * area + row.low * width, dx + plane * area + row.high * width
          )
          for (i, at) in columns.enumerated() {
            let own = gradient[source + i]
            if mixes {
              let (top, bottom) = (own * (1 - row.share), own * row.share)
              above[at.low] += top * (1 - at.share)
              above[at.high] += top * at.share
              below[at.low] += bottom * (1 - at.share)
              below[at.high] += bottom * at.share
            } else {
              above[at.low] += own
            }
          }
          source += columns.count
        }
      }
    }
  }
}

extension TapeOperation {
  static let upsample = TapeOperation(
    "upsample",
    GradientCheck(
      UpsampleMethod.allCases.flatMap { method in
        [(4, 6), (7, 5), (1, 2)].map { size in
          GradientCheck.Sample(
            "\(method) to \(size.0) x \(size.1)", .uniform(2, 2, 2, 3)
          ) { try $0[0].upsampled(to: size, by: method) }
        }
      }))
}
