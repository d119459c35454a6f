import Host
import Tensors

/// Float planes [planes, height, width] that the edge kernels read and write by pointer. The memory
/// is that of a tensor: counted, limited and reused like any other.
package final class Raster {
  let planes: Int
  /// The number of rows of a plane.
  package let height: Int
  /// The number of columns of a plane.
  package let width: Int
  /// The first element; planes, rows and columns follow as in the shape.
  package let base: UnsafeMutablePointer<Float>
  /// The planes as a tensor.
  private(set) var tensor: Tensor

  /// Makes uninitialised planes. Throws `out-of-memory`.
  init(_ planes: Int, _ height: Int, _ width: Int) throws {
    var tensor = try Tensor(uninitialized: [planes, height, width], .float32)
    // SAFETY: a tensor's storage does not move while it has an owner; this object is one, and never
    // writes through the tensor again, which could copy it.
    base = try tensor.write(Float.self) { $0 }
    self.tensor = tensor
    self.planes = planes
    self.height = height
    self.width = width
  }

  /// The number of elements in a plane.
  var area: Int { height * width }

  /// The first element of a plane.
  func plane(_ i: Int) -> UnsafeMutablePointer<Float> { base + i * area }

  /// Pads the raster with `top`, `left` and so on more rows and columns, mirrored at the borders
  /// with the border pixels repeated.
  package func padded(top: Int, left: Int, bottom: Int, right: Int) throws -> Raster {
    let result = try Raster(planes, height + top + bottom, width + left + right)
    let columns = (0..<result.width).map { mirrored($0 - left, width) }
    parallel(planes * result.height, grain: 64) { rows in
      for row in rows {
        let (plane, y) = (row / result.height, row % result.height)
        let from = self.plane(plane) + mirrored(y - top, height) * width
        let to = result.base + row * result.width
        for x in 0..<left { to[x] = from[columns[x]] }
        (to + left).update(from: from, count: width)
        for x in left + width..<result.width { to[x] = from[columns[x]] }
      }
    }
    return result
  }
}

/// Where a position outside 0..<count falls when the row is mirrored at both ends, with the ends
/// repeated: -1 is 0, -2 is 1, and so on for any distance.
func mirrored(_ i: Int, _ count: Int) -> Int {
  let wrapped = ((i % (2 * count)) + 2 * count) % (2 * count)
  return wrapped < count ? wrapped : 2 * count - 1 - wrapped
}

extension Raster {
  /// Makes an image [1 or 3, h, w] RGB in 0..1: numbers outside are clamped and NaN becomes 0.
  package convenience init(image: Tensor) throws {
    let (h, w) = (image.shape[1], image.shape[2])
    try self.init(3, h, w)
    let floats = try Pixels.floats(image)
    let base = self.base
    floats.read(Float.self) { from in
      for i in 0..<floats.count {
        base[i] = from[i] > 0 ? min(from[i], 1) : 0
      }
    }
    if image.shape[0] == 1 {
      for c in 1..<3 { plane(c).update(from: base, count: area) }
    }
  }
}

extension Raster {
  /// A copy of float32 planes [planes, h, w].
  convenience init(_ tensor: Tensor) throws {
    try self.init(tensor.shape[0], tensor.shape[1], tensor.shape[2])
    let base = self.base
    tensor.read(Float.self) { base.update(from: $0, count: tensor.count) }
  }
}
