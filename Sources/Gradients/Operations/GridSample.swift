import Host
import Tensors

/// What `gridSample` reads outside an image.
public enum SamplePadding: String, CaseIterable, Sendable {
  /// Zeros.
  case zeros
  /// The nearest pixel of the border.
  case border
  /// The image, reflected at its border.
  case reflection
}

extension Variable {
  /// Images `[n, c, h, w]` at the places `[n, rows, columns, 2]` of a grid, (x, y) from -1 to 1
  /// across the image, read bilinearly: `[n, c, rows, columns]`. -1 and 1 are the centres of the
  /// corner pixels with `alignsCorners`, and otherwise their outer edges, as in PyTorch. Throws
  /// `shape`.
  public func gridSample(
    _ grid: Variable, padding: SamplePadding = .zeros, alignsCorners: Bool = false
  ) throws -> Variable {
    let dtype = try commonReal("grid_sample", [self, grid])
    guard shape.count == 4, shape[2] >= 1, shape[3] >= 1 else {
      throw Failure(
        "shape", "grid_sample: images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    guard grid.shape.count == 4, grid.shape[0] == shape[0], grid.shape[3] == 2 else {
      throw Failure(
        "shape",
        "grid_sample: the grid must be [\(shape[0]), rows, columns, 2], got "
          + Tensor.describe(grid.shape))
    }
    try Interrupt.check()
    let axes = (
      x: SampledAxis(length: shape[3], padding, alignsCorners),
      y: SampledAxis(length: shape[2], padding, alignsCorners)
    )
    return dtype == .float64
      ? try gridSample(Double.self, grid, axes) : try gridSample(Float.self, grid, axes)
  }

  private func gridSample<T: Real>(
    _: T.Type, _ grid: Variable, _ axes: (x: SampledAxis, y: SampledAxis)
  ) throws -> Variable {
    let (images, places) = (value, grid.value)
    let wants = (images: isTracked, grid: grid.isTracked)
    let channels = shape[1]
    let count = grid.shape[1] * grid.shape[2]
    let area = axes.x.length * axes.y.length
    var y = try Tensor(
      uninitialized: [shape[0], channels, grid.shape[1], grid.shape[2]], T.dtype)
    let grain = max((1 << 15) / max(count * channels, 1), 1)
    try withElements(images.reading(T.self), places.reading(T.self), y.writing(T.self)) {
      images, places, y in
      parallel(shape[0], grain: grain) { range in
        for image in range {
          for place in 0..<count {
            let at = Corners(axes, places + 2 * (image * count + place))
            for channel in 0..<channels {
              let plane = image * channels + channel
              y[plane * count + place] = at.mean(images + plane * area)
            }
          }
        }
      }
    }
    return Tape.result(.gridSample, [self, grid], y) { gradient in
      var dx = try wants.images ? Tensor(zeros: images.shape, T.dtype) : nil
      var dplaces = try wants.grid ? Tensor(uninitialized: places.shape, T.dtype) : nil
      try withElements(
        images.reading(T.self), places.reading(T.self), gradient.reading(T.self),
        dx.writing(T.self), dplaces.writing(T.self)
      ) { values, places, gradient, dx, dplaces in
        parallel(images.shape[0], grain: grain) { range in
          for image in range {
            for place in 0..<count {
              let at = Corners(axes, places + 2 * (image * count + place))
              var slope: (x: T, y: T) = (0, 0)
              for channel in 0..<channels {
                let plane = image * channels + channel
                let own = gradient[plane * count + place]
                if let dx { at.spread(own, into: dx + plane * area) }
                if dplaces != nil {
                  let found = at.slope(values + plane * area)
                  slope = (slope.x + own * found.x, slope.y + own * found.y)
                }
              }
              if let dplaces {
                dplaces[2 * (image * count + place)] = slope.x
                dplaces[2 * (image * count + place) + 1] = slope.y
              }
            }
          }
        }
      }
      return [dx, dplaces]
    }
  }
}

/// How a coordinate from -1 to 1 becomes a position on a side of an image.
private struct SampledAxis {
  let length: Int
  private let padding: SamplePadding
  private let alignsCorners: Bool

  init(length: Int, _ padding: SamplePadding, _ alignsCorners: Bool) {
    (self.length, self.padding, self.alignsCorners) = (length, padding, alignsCorners)
  }

  /// The pixel before a coordinate, the share of the one after it, and the derivative of the
  /// position. A pixel outside the image is read as 0.
  @inline(__always)
  func position<T: Real>(_ coordinate: T) -> (pixel: Int, share: T, slope: T) {
    let last = T(length - 1)
    var slope = alignsCorners ? last / 2 : T(length) / 2
    var at = alignsCorners ? (coordinate + 1) * slope : (coordinate + 1) * slope - 0.5
    if padding == .reflection { (at, slope) = reflected(at, slope) }
    if padding != .zeros {
      if at <= 0 || at >= last { slope = 0 }
      at = at < 0 ? 0 : at > last ? last : at
    }
    // A place that is not a number makes the result NaN, and one far outside reads zeros.
    if at != at { return (0, at, at) }
    if at < -1 || at > last + 1 { return (-2, 0, 0) }
    let low = at.rounded(.down)
    return (Int(low), at - low, slope)
  }

  /// A position reflected at the border until it is inside, and its derivative.
  private func reflected<T: Real>(_ at: T, _ slope: T) -> (T, T) {
    let low: T = alignsCorners ? 0 : -0.5
    let span = T(alignsCorners ? length - 1 : length)
    if span == 0 { return (0, 0) }
    let apart = at - low
    let rest = abs(apart).truncatingRemainder(dividingBy: 2 * span)
    let sign: T = apart < 0 ? -1 : 1
    return rest <= span ? (low + rest, sign * slope) : (low + 2 * span - rest, -sign * slope)
  }
}

/// The four pixels around a place, and their shares.
private struct Corners<T: Real> {
  private let width: Int
  private let x: (pixel: Int, share: T, slope: T)
  private let y: (pixel: Int, share: T, slope: T)
  /// Whether the pixels before and after the place are inside the image.
  private let columns: (Bool, Bool)
  private let rows: (Bool, Bool)

  @inline(__always)
  init(_ axes: (x: SampledAxis, y: SampledAxis), _ place: UnsafePointer<T>) {
    width = axes.x.length
    (x, y) = (axes.x.position(place[0]), axes.y.position(place[1]))
    let (across, down) = (0..<axes.x.length, 0..<axes.y.length)
    columns = (across.contains(x.pixel), across.contains(x.pixel + 1))
    rows = (down.contains(y.pixel), down.contains(y.pixel + 1))
  }

  private var first: Int { y.pixel * width + x.pixel }

  /// The values of the four pixels, row by row.
  @inline(__always)
  private func values(_ plane: UnsafePointer<T>) -> (T, T, T, T) {
    (
      rows.0 && columns.0 ? plane[first] : 0, rows.0 && columns.1 ? plane[first + 1] : 0,
      rows.1 && columns.0 ? plane[first + width] : 0,
      rows.1 && columns.1 ? plane[first + width + 1] : 0
    )
  }

  /// The value of a plane at the place.
  @inline(__always)
  func mean(_ plane: UnsafePointer<T>) -> T {
    let (a, b, c, d) = values(plane)
    let (above, below) = (a + (b - a) * x.share, c + (d - c) * x.share)
    return above + (below - above) * y.share
  }

  /// The derivatives of the value with respect to the coordinates.
  @inline(__always)
  func slope(_ plane: UnsafePointer<T>) -> (x: T, y: T) {
    let (a, b, c, d) = values(plane)
    return (
      ((b - a) * (1 - y.share) + (d - c) * y.share) * x.slope,
      ((c - a) * (1 - x.share) + (d - b) * x.share) * y.slope
    )
  }

  /// Adds a gradient to the four pixels by their shares.
  @inline(__always)
  func spread(_ gradient: T, into plane: UnsafeMutablePointer<T>) {
    let (above, below) = (gradient * (1 - y.share), gradient * y.share)
    if rows.0 && columns.0 { plane[first] += above * (1 - x.share) }
    if rows.0 && columns.1 { plane[first + 1] += above * x.share }
    if rows.1 && columns.0 { plane[first + width] += below * (1 - x.share) }
    if rows.1 && columns.1 { plane[first + width + 1] += below * x.share }
  }
}

extension Variable {
  /// The grid of `gridSample` that affine maps `[n, 2, 3]` make: each place of an image of `size`
  /// is multiplied by the first two columns and moved by the third. Throws `shape`.
  public func affineGrid(size: (rows: Int, columns: Int), alignsCorners: Bool = false) throws
    -> Variable
  {
    guard shape.count == 3, shape[1] == 2, shape[2] == 3 else {
      throw Failure(
        "shape", "affine_grid: maps must be [n, 2, 3], got \(Tensor.describe(shape))")
    }
    func centres(_ count: Int) -> [Double] {
      (0..<count).map { i -> Double in
        if !alignsCorners { return Double(2 * i + 1) / Double(count) - 1 }
        return count == 1 ? 0 : 2 * Double(i) / Double(count - 1) - 1
      }
    }
    let across = centres(size.columns)
    let places: [Double] = centres(size.rows).flatMap { y in
      across.flatMap { x -> [Double] in [x, y, 1] }
    }
    let dtype = try commonReal("affine_grid", [self])
    let base = Variable(
      try Tensor(places, shape: [size.rows * size.columns, 3]).cast(to: dtype))
    return try Variable.matmul(base, transposed([0, 2, 1]))
      .reshape([shape[0], size.rows, size.columns, 2])
  }
}

extension TapeOperation {
  static let gridSample = TapeOperation(
    "grid_sample",
    GradientCheck(
      [SamplePadding.zeros, .border, .reflection].flatMap { padding in
        [true, false].map { alignsCorners in
          GradientCheck.Sample(
            "\(padding), corners \(alignsCorners ? "aligned" : "not aligned")",
            .uniform(2, 3, 4, 5), .uniform(2, 3, 3, 2, in: -1.7...1.7)
          ) {
            try $0[0].gridSample($0[1], padding: padding, alignsCorners: alignsCorners)
          }
        }
      }))
}
