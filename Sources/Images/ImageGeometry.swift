import Host
import Tensors

/// Operations that move pixels without mixing them, so that the element type is kept.
public enum ImageGeometry {
  /// Crops [..., h, w] to these rows and columns, which must be inside it.
  public static func crop(_ image: Tensor, rows: Range<Int>, columns: Range<Int>) throws -> Tensor {
    let (h, w) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
    precondition(rows.lowerBound >= 0 && rows.upperBound <= h)
    precondition(columns.lowerBound >= 0 && columns.upperBound <= w)
    if rows.count == h && columns.count == w { return image }
    let lines = Lines(
      planes: h * w == 0 ? 0 : image.count / (h * w), rows: rows.count, size: image.dtype.size)
    return try lines.copy(
      image, shape: image.shape.dropLast(2) + [rows.count, columns.count], width: columns.count
    ) { (plane, row) in (plane * h + rows.lowerBound + row) * w + columns.lowerBound }
  }

  /// Selects these rows and columns of [..., h, w], uint8 or float32, in this order; each must
  /// exist.
  static func choose(_ image: Tensor, rows: [Int], columns: [Int]) throws -> Tensor {
    func chosen<T: Element>(_: T.Type) throws -> Tensor {
      let (h, w) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
      var result = try Tensor(
        uninitialized: image.shape.dropLast(2) + [rows.count, columns.count], T.dtype)
      // SAFETY: the caller's rows and columns are inside the image.
      try result.write(T.self) { out in
        image.read(T.self) { input in
          var to = 0
          for plane in 0..<(h * w == 0 ? 0 : image.count / (h * w)) {
            for row in rows {
              let line = input + (plane * h + row) * w
              for (x, column) in columns.enumerated() { out[to + x] = line[column] }
              to += columns.count
            }
          }
        }
      }
      return result
    }
    return image.dtype == .uint8 ? try chosen(UInt8.self) : try chosen(Float.self)
  }

  /// The gradient of images [..., `height`, `width`] from that of the rows and columns that `choose`
  /// or `crop` took from them: float32, summed over pixels that were taken more than once.
  public static func chooseBackward(
    _ gradient: Tensor, rows: [Int], columns: [Int], height: Int, width: Int
  ) throws -> Tensor {
    var result = try Tensor(zeros: gradient.shape.dropLast(2) + [height, width], .float32)
    let area = rows.count * columns.count
    let planes = area == 0 ? 0 : gradient.count / area
    // SAFETY: the caller's rows and columns are inside the images.
    try result.write(Float.self) { out in
      gradient.read(Float.self) { from in
        for plane in 0..<planes {
          for (y, row) in rows.enumerated() {
            let line = out + (plane * height + row) * width
            let own = from + (plane * rows.count + y) * columns.count
            for (x, column) in columns.enumerated() { line[column] += own[x] }
          }
        }
      }
    }
    return result
  }

  /// Pads [..., h, w], uint8 or float32, with this many black pixels on each side.
  public static func pad(_ image: Tensor, by margin: Int) throws -> Tensor {
    func padded<T: Element>(_ zero: T) throws -> Tensor {
      let (h, w) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
      let (height, width) = (h + 2 * margin, w + 2 * margin)
      var result = try Tensor(
        zeros: image.shape.dropLast(2) + [height, width], T.dtype)
      // SAFETY: row y of a plane goes to row y + margin, from column margin on.
      try result.write(T.self) { out in
        image.read(T.self) { input in
          for row in 0..<(w == 0 ? 0 : image.count / w) {
            let place = ((row / h) * height + row % h + margin) * width + margin
            (out + place).update(from: input + row * w, count: w)
          }
        }
      }
      return result
    }
    return image.dtype == .uint8 ? try padded(UInt8(0)) : try padded(Float(0))
  }

  /// Pastes `part` [c, h', w'] float32 into [c, h, w] float32, with its upper left corner at (x,
  /// y); it must fit inside.
  public static func paste(_ part: Tensor, over image: Tensor, x: Int, y: Int) throws -> Tensor {
    let (h, w) = (image.shape[1], image.shape[2])
    let (height, width) = (part.shape[1], part.shape[2])
    precondition(x >= 0 && y >= 0 && x + width <= w && y + height <= h)
    precondition(part.shape[0] == image.shape[0])
    var result = try image.copied()
    // SAFETY: the preconditions keep every row inside.
    try result.write(Float.self) { out in
      part.read(Float.self) { input in
        for c in 0..<part.shape[0] {
          for row in 0..<height {
            (out + (c * h + y + row) * w + x).update(
              from: input + (c * height + row) * width, count: width)
          }
        }
      }
    }
    return result
  }

  /// Mirrors [..., h, w] left to right.
  public static func flip(_ image: Tensor) throws -> Tensor {
    var result = try image.copied()
    guard let width = image.shape.last, width > 1 else { return result }
    func mirror<T: Element>(_: T.Type) throws {
      // SAFETY: these are whole rows of a tensor with no other owner.
      try result.write(T.self) { p in
        for row in stride(from: 0, to: image.count, by: width) {
          var line = UnsafeMutableBufferPointer(start: p + row, count: width)
          line.reverse()
        }
      }
    }
    switch image.dtype {
    case .bool: try mirror(Bool.self)
    case .uint8: try mirror(UInt8.self)
    case .int32: try mirror(Int32.self)
    case .float32: try mirror(Float.self)
    case .float64: try mirror(Double.self)
    }
    return result
  }
}

/// Copies row by row, whatever the element type.
private struct Lines {
  let planes: Int
  let rows: Int
  let size: Int

  func copy(_ image: Tensor, shape: [Int], width: Int, from: (Int, Int) -> Int) throws -> Tensor {
    switch size {
    case 1:
      return image.dtype == .bool
        ? try copy(image, Bool.self, shape, width, from)
        : try copy(image, UInt8.self, shape, width, from)
    case 4:
      return image.dtype == .int32
        ? try copy(image, Int32.self, shape, width, from)
        : try copy(image, Float.self, shape, width, from)
    default: return try copy(image, Double.self, shape, width, from)
    }
  }

  private func copy<T: Element>(
    _ image: Tensor, _: T.Type, _ shape: [Int], _ width: Int, _ from: (Int, Int) -> Int
  ) throws -> Tensor {
    var result = try Tensor(uninitialized: shape, T.dtype)
    // SAFETY: `crop` has checked that the rows and columns are inside the image.
    try result.write(T.self) { out in
      image.read(T.self) { input in
        for plane in 0..<planes {
          for row in 0..<rows {
            (out + (plane * rows + row) * width).update(
              from: input + from(plane, row), count: width)
          }
        }
      }
    }
    return result
  }
}
