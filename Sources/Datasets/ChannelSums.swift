import Images
import Tensors

/// The sums from which the mean and the standard deviation of a channel are computed.
struct ChannelSums {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  var mean: Double { count > 0 ? sum / count : 0 }
  var deviation: Double { count > 0 ? max(0, squares / count - mean * mean).squareRoot() : 0 }

  var isFinite: Bool { sum.isFinite && squares.isFinite }

  mutating func add(_ other: ChannelSums) {
    count += other.count
    sum += other.sum
    squares += other.squares
  }

  /// The sums of each channel of an image [c, h, w], with uint8 scaled to 0..1; empty for any other
  /// tensor.
  static func of(_ image: Tensor) throws -> [ChannelSums] {
    guard image.rank == 3 else { return [] }
    let size = image.shape[1] * image.shape[2]
    func sums<T: Element>(_: T.Type, _ value: (T) -> Double) -> [ChannelSums] {
      image.read(T.self) { pixels in
        (0..<image.shape[0]).map { c in
          var result = ChannelSums()
          result.count = Double(size)
          for i in c * size..<(c + 1) * size {
            let x = value(pixels[i])
            result.sum += x
            result.squares += x * x
          }
          return result
        }
      }
    }
    if image.dtype == .uint8 { return ofBytes(image, size) }
    if image.dtype == .float32 { return sums(Float.self) { Double($0) } }
    return try of(Pixels.floats(image))
  }

  /// Integer arithmetic is exact and fast.
  private static func ofBytes(_ image: Tensor, _ size: Int) -> [ChannelSums] {
    image.read(UInt8.self) { pixels in
      (0..<image.shape[0]).map { c in
        let channel = UnsafeBufferPointer(start: pixels + c * size, count: size)
        var (sum, squares): (UInt64, UInt64) = (0, 0)
        for low in stride(from: 0, to: size, by: 32768) {
          // 32,768 squares of bytes fit into 32 bits.
          var (some, someSquares): (UInt32, UInt32) = (0, 0)
          for i in low..<min(size, low + 32768) {
            let x = UInt32(channel[i])
            some &+= x
            someSquares &+= x &* x
          }
          sum += UInt64(some)
          squares += UInt64(someSquares)
        }
        var result = ChannelSums()
        result.count = Double(size)
        result.sum = Double(sum) / 255
        result.squares = Double(squares) / (255 * 255)
        return result
      }
    }
  }
}
