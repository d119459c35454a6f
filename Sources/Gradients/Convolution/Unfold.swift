import Tensors

// Both ways go through one channel's rows with their padding around them, so that the copies inside
// know no edges: rows of small images are short, and every test in between would cost as much as they.

extension Geometry {
  /// Columns of a padded row.
  private var paddedWidth: Int { width + window.padding.left + window.padding.right }
  private var isPadded: Bool { window.padding != (0, 0, 0, 0) }

  /// Input rows under the windows of output rows `rows`, counted with the padding on top.
  private func inputRows(_ rows: Range<Int>) -> Range<Int> {
    let low = rows.lowerBound * window.stride.y
    return low..<low + (rows.count - 1) * window.stride.y + windowHeight
  }

  /// The patches under the windows of output rows `rows`, for `channels` channels from `image` on:
  /// row (channel, window row, window column), column (output row, output column).
  func unfold<T: Real>(
    _ image: UnsafePointer<T>, channels: Int, rows: Range<Int>,
    into patches: UnsafeMutablePointer<T>
  ) {
    let inputs = inputRows(rows)
    let wide = paddedWidth
    withUnsafeTemporaryAllocation(of: T.self, capacity: isPadded ? inputs.count * wide : 1) {
      guard let padded = $0.baseAddress else { return }
      if isPadded { padded.initialize(repeating: 0, count: inputs.count * wide) }
      var target = patches
      for channel in 0..<channels {
        let plane = image + channel * area
        var source = plane + inputs.lowerBound * width
        if isPadded {
          eachInside(inputs) { row, from in
            copy(padded + row * wide + window.padding.left, plane + from * width, width)
          }
          source = UnsafePointer(padded)
        }
        for ky in 0..<windowHeight {
          for kx in 0..<windowWidth {
            var from = source + ky * wide + kx
            if window.stride.x == 1 {
              for _ in rows {
                copy(target, from, outWidth)
                target += outWidth
                from += window.stride.y * wide
              }
            } else {
              for _ in rows {
                for x in 0..<outWidth { target[x] = from[x * window.stride.x] }
                target += outWidth
                from += window.stride.y * wide
              }
            }
          }
        }
      }
    }
  }

  /// The reverse of `unfold`: adds patches to the pixels they came from.
  func fold<T: Real>(
    _ patches: UnsafePointer<T>, channels: Int, rows: Range<Int>,
    into image: UnsafeMutablePointer<T>
  ) {
    let inputs = inputRows(rows)
    let wide = paddedWidth
    withUnsafeTemporaryAllocation(of: T.self, capacity: max(inputs.count * wide, 1)) {
      guard let padded = $0.baseAddress else { return }
      var source = patches
      for channel in 0..<channels {
        padded.initialize(repeating: 0, count: inputs.count * wide)
        for ky in 0..<windowHeight {
          for kx in 0..<windowWidth {
            var to = padded + ky * wide + kx
            for _ in rows {
              if window.stride.x == 1 {
                accumulate(to, source, outWidth)
              } else {
                for x in 0..<outWidth { to[x * window.stride.x] += source[x] }
              }
              source += outWidth
              to += window.stride.y * wide
            }
          }
        }
        let plane = image + channel * area
        eachInside(inputs) { row, to in
          accumulate(plane + to * width, padded + row * wide + window.padding.left, width)
        }
      }
    }
  }

  /// Calls `body` with each row of `inputs` that lies in the image: its number in `inputs`, and in the
  /// image.
  @inline(__always)
  private func eachInside(_ inputs: Range<Int>, _ body: (Int, Int) -> Void) {
    let low = max(inputs.lowerBound - window.padding.top, 0)
    let high = min(inputs.upperBound - window.padding.top, height)
    var row = low
    while row < high {
      body(row + window.padding.top - inputs.lowerBound, row)
      row += 1
    }
  }
}

/// Copies a short run. Rows of small images are shorter than a call of memcpy is worth: whole vectors,
/// the last one overlapping the one before.
@inline(__always)
private func copy<T: Real>(
  _ target: UnsafeMutablePointer<T>, _ source: UnsafePointer<T>, _ count: Int
) {
  var i = 0
  if count >= 8 {
    while i + 8 <= count {
      store(load(source + i), target + i)
      i += 8
    }
    if i < count { store(load(source + count - 8), target + count - 8) }
  } else {
    while i < count {
      target[i] = source[i]
      i += 1
    }
  }
}

/// Adds a short run to another.
@inline(__always)
private func accumulate<T: Real>(
  _ target: UnsafeMutablePointer<T>, _ source: UnsafePointer<T>, _ count: Int
) {
  var i = 0
  while i + 8 <= count {
    store(load(target + i) + load(source + i), target + i)
    i += 8
  }
  while i < count {
    target[i] += source[i]
    i += 1
  }
}

/// Eight elements from anywhere.
@inline(__always)
func load<T: Real>(_ pointer: UnsafePointer<T>) -> SIMD8<T> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<T>.self)
}
/// Eight elements to anywhere.
@inline(__always)
func store<T: Real>(_ vector: SIMD8<T>, _ pointer: UnsafeMutablePointer<T>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: SIMD8<T>.self)
}
