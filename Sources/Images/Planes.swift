import Host
import Tensors

/// Conversions between the interleaved rows of files and the planes [c, h, w] of tensors.
enum Planes {
  /// Converts rows of `channels` samples of 8 or (big-endian) 16 bits to [1 or 3, h, w], with alpha
  /// blended over white.
  static func split(_ rows: Tensor, height: Int, width: Int, channels: Int, bits: Int) throws
    -> Tensor
  {
    let colours = channels >= 3 ? 3 : 1
    let alpha = channels != colours
    let count = height * width
    if channels == 1 && bits == 8 { return try rows.reshaped([1, height, width]) }
    // SAFETY: `rows` holds count * channels samples and the result colours * count.
    if bits == 8 {
      var image = try Tensor(uninitialized: [colours, height, width], .uint8)
      try image.write(UInt8.self) { out in
        rows.read(UInt8.self) { from in
          for c in 0..<colours {
            let plane = out + c * count
            if alpha {
              for i in 0..<count {
                let a = Int(from[i * channels + colours])
                let over = Int(from[i * channels + c]) * a + 255 * (255 - a)
                plane[i] = UInt8(truncatingIfNeeded: (over + 127) / 255)
              }
            } else {
              for i in 0..<count { plane[i] = from[i * channels + c] }
            }
          }
        }
      }
      return image
    }
    var image = try Tensor(uninitialized: [colours, height, width], .float32)
    try image.write(Float.self) { out in
      rows.read(UInt8.self) { from in
        func sample(_ i: Int) -> Float {
          Float(Int(from[2 * i]) << 8 | Int(from[2 * i + 1])) / 65535
        }
        for c in 0..<colours {
          let plane = out + c * count
          for i in 0..<count {
            let value = sample(i * channels + c)
            let a = alpha ? sample(i * channels + colours) : 1
            plane[i] = value * a + (1 - a)
          }
        }
      }
    }
    return image
  }

  /// Converts rows of inverted CMYK to RGB planes: each ink is multiplied by black.
  static func splitCMYK(_ rows: Tensor, height: Int, width: Int) throws -> Tensor {
    let count = height * width
    var image = try Tensor(uninitialized: [3, height, width], .uint8)
    // SAFETY: `rows` holds 4 * count bytes and the result 3 * count.
    try image.write(UInt8.self) { out in
      rows.read(UInt8.self) { from in
        for c in 0..<3 {
          for i in 0..<count {
            let left = Int(from[4 * i + 3])
            let product = (255 - Int(from[4 * i + c])) * left + 128
            let taken = ((product >> 8) + product) >> 8
            out[c * count + i] = UInt8(truncatingIfNeeded: max(0, left - taken))
          }
        }
      }
    }
    return image
  }

  /// Converts an image [1 or 3, h, w] to interleaved bytes, and returns them and the number of
  /// channels; float32 is clamped to 0..1, NaN is an error whose message begins with `operation`.
  static func interleave(_ image: Tensor, operation: String = "png") throws -> ([UInt8], Int) {
    guard image.rank == 3, image.shape[0] == 1 || image.shape[0] == 3, image.count > 0,
      image.dtype == .uint8 || image.dtype == .float32
    else {
      throw Failure(
        "image-shape",
        "\(operation): an image must be [1, h, w] or [3, h, w] of uint8 or float32, got "
          + "\(Tensor.describe(image.shape)) of \(image.dtype.name)")
    }
    let channels = image.shape[0]
    let count = image.shape[1] * image.shape[2]
    let bytes = try image.dtype == .uint8 ? image : Pixels.bytes(image, operation: operation)
    let pixels = [UInt8](unsafeUninitializedCapacity: image.count) { out, filled in
      bytes.read(UInt8.self) { from in
        for c in 0..<channels {
          for i in 0..<count { out[i * channels + c] = from[c * count + i] }
        }
      }
      filled = image.count
    }
    return (pixels, channels)
  }
}
