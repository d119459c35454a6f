import Glibc

/// Copies a strided view of contiguous elements into a contiguous block, which implements
/// transposition, broadcasting and slicing. Sizes and strides are in elements, outermost first; a
/// stride may be 0 or negative.
enum Strided {
  /// Fills `target` (row-major, `sizes`) from `source`, in parallel if it is large.
  static func copy(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, elementSize: Int, sizes: [Int],
    strides: [Int]
  ) {
    if sizes.contains(0) { return }
    switch elementSize {
    case 1: copy(source, target, sizes, strides, UInt8.self)
    case 4: copy(source, target, sizes, strides, UInt32.self)
    default: copy(source, target, sizes, strides, UInt64.self)
    }
  }

  private static func copy<T: FixedWidthInteger>(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ allSizes: [Int],
    _ allStrides: [Int], _: T.Type
  ) {
    var (sizes, strides) = merged(allSizes, allStrides)
    // The kernel handles the two innermost axes, so there must always be two.
    while sizes.count < 2 {
      sizes.insert(1, at: 0)
      strides.insert(0, at: 0)
    }
    let height = sizes[sizes.count - 2]
    let width = sizes[sizes.count - 1]
    let down = strides[sizes.count - 2]
    let across = strides[sizes.count - 1]
    let outer = sizes.dropLast(2).reduce(1, *)
    // Bands of rows, so that a single large matrix is also divided.
    let band = min(height, max(64, grainElements / width))
    let bands = (height - 1) / band + 1
    let grain = max(1, grainElements / (band * width))
    parallel(outer * bands, grain: grain) { parts in
      for part in parts {
        var rest = part / bands
        var position = 0
        var axis = sizes.count - 3
        while axis >= 0 {
          position += rest % sizes[axis] * strides[axis]
          rest /= sizes[axis]
          axis -= 1
        }
        let first = part % bands * band
        let rows = min(band, height - first)
        let from = source.assumingMemoryBound(to: T.self) + position + first * down
        let to = target.assumingMemoryBound(to: T.self) + (part / bands * height + first) * width
        if across == 1 {
          for i in 0..<rows {
            memcpy(to + i * width, from + i * down, width * MemoryLayout<T>.size)
          }
        } else if across == 0 {
          for i in 0..<rows { (to + i * width).update(repeating: from[i * down], count: width) }
        } else if down == 1 {
          transpose(from, across, to, width, rows: rows)
        } else {
          for i in 0..<rows {
            let line = from + i * down
            let out = to + i * width
            for j in 0..<width { out[j] = line[j * across] }
          }
        }
      }
    }
  }

  /// Transposes in squares of 16 through a small buffer, so that each cache line of either side is
  /// touched only once, regardless of how the strides map to cache sets.
  @inline(__always)
  private static func transpose<T: FixedWidthInteger>(
    _ from: UnsafePointer<T>, _ across: Int, _ to: UnsafeMutablePointer<T>, _ width: Int, rows: Int
  ) {
    withUnsafeTemporaryAllocation(of: T.self, capacity: 256) { buffer in
      guard let square = buffer.baseAddress else { return }
      for top in stride(from: 0, to: rows, by: 16) {
        let high = min(16, rows - top)
        for left in stride(from: 0, to: width, by: 16) {
          let wide = min(16, width - left)
          let corner = from + top + left * across
          let target = to + top * width + left
          // Complete squares use loops of constant size, which are compiled to vector moves.
          if high == 16 && wide == 16 {
            for j in 0..<16 {
              let line = corner + j * across
              for i in 0..<16 { square[j * 16 + i] = line[i] }
            }
            for i in 0..<16 {
              let line = target + i * width
              for j in 0..<16 { line[j] = square[j * 16 + i] }
            }
          } else {
            for i in 0..<high {
              for j in 0..<wide { target[i * width + j] = corner[i + j * across] }
            }
          }
        }
      }
    }
  }

  /// Merges adjacent axes that can be traversed as one, and removes those of size 1.
  private static func merged(_ sizes: [Int], _ strides: [Int]) -> ([Int], [Int]) {
    var newSizes: [Int] = []
    var newStrides: [Int] = []
    for (size, stride) in zip(sizes, strides) where size != 1 {
      if let last = newSizes.indices.last, newStrides[last] == stride * size {
        newSizes[last] *= size
        newStrides[last] = stride
      } else {
        newSizes.append(size)
        newStrides.append(stride)
      }
    }
    return (newSizes, newStrides)
  }
}

extension Tensor {
  /// The strides of a contiguous shape, in elements.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// A new tensor of `shape` whose element at an index is this tensor's element at `start` plus the
  /// product of index and `strides`. Those elements must be within this tensor.
  public func strided(_ shape: [Int], _ strides: [Int], start: Int = 0) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype)
    readBytes { bytes in
      if let base = bytes.baseAddress {
        Strided.copy(
          base + start * dtype.size, result.storage.pointer, elementSize: dtype.size, sizes: shape,
          strides: strides)
      }
    }
    return result
  }
}
