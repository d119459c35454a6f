import Tensors

extension Geometry {
  /// The patches under the windows of output rows `rows`, for `channels` channels from `image` on:
  /// row (channel, window row, window column), column (output row, output column).
  func unfold<T: Real>(
    _ image: UnsafePointer<T>, channels: Int, rows: Range<Int>,
    into patches: UnsafeMutablePointer<T>
  ) {
    var target = patches
    for channel in 0..<channels {
      let plane = image + channel * area
      for ky in 0..<windowHeight {
        for kx in 0..<windowWidth {
          let inside = columns(inside: kx)
          for y in rows {
            let row = y * window.stride.y + ky - window.padding.top
            if row < 0 || row >= height || inside.isEmpty {
              fill(target, 0, outWidth)
            } else {
              fill(target, 0, inside.lowerBound)
              let source = plane + row * width + kx - window.padding.left
              if window.stride.x == 1 {
                copy(target + inside.lowerBound, source + inside.lowerBound, inside.count)
              } else {
                for x in inside { target[x] = source[x * window.stride.x] }
              }
              fill(target + inside.upperBound, 0, outWidth - inside.upperBound)
            }
            target += outWidth
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
    var source = patches
    for channel in 0..<channels {
      let plane = image + channel * area
      for ky in 0..<windowHeight {
        for kx in 0..<windowWidth {
          let inside = columns(inside: kx)
          for y in rows {
            let row = y * window.stride.y + ky - window.padding.top
            if row >= 0 && row < height {
              let target = plane + row * width + kx - window.padding.left
              for x in inside { target[x * window.stride.x] += source[x] }
            }
            source += outWidth
          }
        }
      }
    }
  }
}

@inline(__always)
private func fill<T: Real>(_ target: UnsafeMutablePointer<T>, _ value: T, _ count: Int) {
  var i = 0
  while i < count {
    target[i] = value
    i += 1
  }
}

/// Copies a short run. Rows of small images are shorter than a call of memcpy is worth: whole vectors,
/// the last one overlapping the one before.
@inline(__always)
private func copy<T: Real>(
  _ target: UnsafeMutablePointer<T>, _ source: UnsafePointer<T>, _ count: Int
) {
  let to = UnsafeMutableRawPointer(target)
  let from = UnsafeRawPointer(source)
  let size = MemoryLayout<T>.size
  if count >= 8 {
    var i = 0
    while i + 8 <= count {
      to.storeBytes(
        of: from.loadUnaligned(fromByteOffset: i * size, as: SIMD8<T>.self),
        toByteOffset: i * size, as: SIMD8<T>.self)
      i += 8
    }
    if i < count {
      i = count - 8
      to.storeBytes(
        of: from.loadUnaligned(fromByteOffset: i * size, as: SIMD8<T>.self),
        toByteOffset: i * size, as: SIMD8<T>.self)
    }
  } else {
    var i = 0
    while i < count {
      target[i] = source[i]
      i += 1
    }
  }
}
