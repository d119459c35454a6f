import Glibc
import Host
import Tensors

/// The input of the structured edge detector: 13 channels at half resolution. They are LUV colour
/// (3), and for full and half scale the gradient's normalised magnitude (1) and its histogram over
/// 4 orientations. They are smoothed slightly for single features, and more for differences of two
/// places.
package struct EdgeChannels {
  static let count = 13
  private static let orientations = 4

  /// The 13 channels smoothed by a radius of 1, the 13 smoothed by 4, and a plane of zeros, which
  /// turns a single feature into a difference.
  package let planes: Raster
  static let similarity = count
  static let zero = 2 * count

  /// The channels of an RGB image in 0..1 whose height and width are even.
  package init(_ rgb: Raster) throws {
    let luv = try EdgeChannels.luv(rgb)
    let channels = try Raster(EdgeChannels.count, rgb.height / 2, rgb.width / 2)
    EdgeChannels.halve(luv, 3, into: channels, at: 0)
    try Interrupt.check()
    let full = try EdgeChannels.gradient(luv)
    EdgeChannels.histogram(full, bin: 2, into: channels, at: 3)
    try Interrupt.check()
    let half = try EdgeChannels.gradient(channels)
    EdgeChannels.histogram(half, bin: 1, into: channels, at: 8)
    planes = try Raster(2 * EdgeChannels.count + 1, channels.height, channels.width)
    channels.smooth(EdgeChannels.count, radius: 1, into: planes.base)
    channels.smooth(EdgeChannels.count, radius: 4, into: planes.plane(EdgeChannels.similarity))
    planes.plane(EdgeChannels.zero).update(repeating: 0, count: planes.area)
  }

  /// Converts RGB in 0..1 to CIE LUV, with each component scaled to about 0..1.
  static func luv(_ rgb: Raster) throws -> Raster {
    let result = try Raster(3, rgb.height, rgb.width)
    let (red, green, blue) = (rgb.plane(0), rgb.plane(1), rgb.plane(2))
    let (l, u, v) = (result.plane(0), result.plane(1), result.plane(2))
    let low = Float(6.0 / 29 * 6 / 29 * 6 / 29)
    let slope = Float(29.0 / 3 * 29 / 3 * 29 / 3)
    parallel(rgb.area, grain: 8192) { range in
      for i in range {
        let (r, g, b) = (red[i], green[i], blue[i])
        let x = 0.430574 * r + 0.341550 * g + 0.178325 * b
        let y = 0.222015 * r + 0.706655 * g + 0.071330 * b
        let z = 0.020183 * r + 0.129553 * g + 0.939180 * b
        let light = (y > low ? 116 * cbrtf(y) - 16 : y * slope) / 270
        let d = 1 / (x + 15 * y + 3 * z + 1e-35)
        l[i] = light
        u[i] = light * (52 * x * d - 13 * 0.197833) + 88 / 270
        v[i] = light * (117 * y * d - 13 * 0.468331) + 134 / 270
      }
    }
    return result
  }

  /// The means of blocks of 2 x 2 pixels of the first `count` planes.
  private static func halve(_ from: Raster, _ count: Int, into: Raster, at first: Int) {
    parallel(count * into.height, grain: 32) { rows in
      for row in rows {
        let top = from.base + (row / into.height * from.height + row % into.height * 2) * from.width
        let bottom = top + from.width
        let out = into.plane(first) + row * into.width
        for x in 0..<into.width {
          out[x] = (top[2 * x] + top[2 * x + 1] + bottom[2 * x] + bottom[2 * x + 1]) / 4
        }
      }
    }
  }

  /// The gradient of the one of an image's first three planes in which it is largest, at each
  /// pixel: magnitude, divided by the mean of its surroundings, and orientation in 0..<4 (quarters
  /// of π).
  private static func gradient(_ image: Raster) throws -> Raster {
    let (h, w) = (image.height, image.width)
    let result = try Raster(2, h, w)
    let (magnitude, orientation) = (result.plane(0), result.plane(1))
    let quarter = Float(orientations) / Float.pi
    parallel(h, grain: 16) { rows in
      for y in rows {
        let (above, below) = (max(y - 1, 0), min(y + 1, h - 1))
        let down: Float = below - above == 2 ? 0.5 : 1
        for x in 0..<w {
          let (before, after) = (max(x - 1, 0), min(x + 1, w - 1))
          let across: Float = after - before == 2 ? 0.5 : 1
          var (best, bestX, bestY) = (Float(-1), Float(0), Float(0))
          for c in 0..<3 {
            let plane = image.plane(c)
            let dx = (plane[y * w + after] - plane[y * w + before]) * across
            let dy = (plane[below * w + x] - plane[above * w + x]) * down
            let square = dx * dx + dy * dy
            if square > best { (best, bestX, bestY) = (square, dx, dy) }
          }
          var turn = atan2f(bestY, bestX) * quarter
          if turn < 0 { turn += Float(orientations) }
          magnitude[y * w + x] = best.squareRoot()
          orientation[y * w + x] = turn < Float(orientations) ? turn : 0
        }
      }
    }
    let surroundings = try result.smoothed(radius: 4, planes: 1)
    parallel(h * w, grain: 16384) { range in
      for i in range { magnitude[i] /= surroundings.base[i] + 0.01 }
    }
    return result
  }

  /// The magnitude and, from the next plane on, its histogram over orientations, split between the
  /// two nearest; both as means of blocks of `bin` x `bin` pixels.
  private static func histogram(_ gradient: Raster, bin: Int, into: Raster, at first: Int) {
    let (h, w) = (into.height, into.width)
    let (magnitude, orientation) = (gradient.plane(0), gradient.plane(1))
    let (sums, shares) = (into.plane(first), into.plane(first + 1))
    let scale = 1 / Float(bin * bin)
    parallel(h, grain: 16) { rows in
      for y in rows {
        for x in 0..<w {
          var sum: Float = 0
          var bins = SIMD4<Float>()
          for dy in 0..<bin {
            for dx in 0..<bin {
              let i = (y * bin + dy) * gradient.width + x * bin + dx
              let m = magnitude[i]
              // SAFETY: `gradient` has clamped the orientation to 0..<4.
              let low = Int(orientation[i]) & 3
              let part = m * (orientation[i] - Float(low))
              sum += m
              bins[low] += m - part
              bins[(low + 1) & 3] += part
            }
          }
          sums[y * w + x] = sum * scale
          for k in 0..<orientations { shares[k * h * w + y * w + x] = bins[k] * scale }
        }
      }
    }
  }
}
