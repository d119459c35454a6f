import Host
import Images
import Synchronization
import Tensors

@testable import Datasets

/// Records for tests: a grey image of 40 x 50 with a white rectangle in it, which is the box. Counts how
/// often it is asked; what it holds can change, as a file's content does.
final class MarkedSource: RecordSource {
  let identity: String
  let title = "marked"
  let count: Int
  let classes = ["a", "b"]
  var labels: [Int32] { (0..<count).map { Int32($0 % 2) } }
  let imageShape: [Int]? = [1, 40, 50]
  let isResident = false
  let version: Int
  let loads = Mutex(0)

  init(_ count: Int = 12, identity: String = "marked", version: Int = 0) {
    self.count = count
    self.identity = identity
    self.version = version
  }

  // Like a file's path: the same whatever the file holds.
  var contentKey: String { identity }

  let isNumbered = false

  func content(_ record: Int) throws -> Digest {
    var digest = Digest()
    digest.add(UInt64(record))
    digest.add(UInt64(version))
    return digest
  }

  func load(_ record: Int) throws -> Sample {
    loads.withLock { $0 += 1 }
    let box = Box(
      x: Double(8 + record), y: Double(6 + record % 5), width: Double(10 + record % 3), height: 12)
    var pixels = [UInt8](repeating: UInt8(40 + version), count: 40 * 50)
    for y in Int(box.y)..<Int(box.y + box.height) {
      for x in Int(box.x)..<Int(box.x + box.width) { pixels[y * 50 + x] = 255 }
    }
    return Sample(try Tensor(pixels, shape: [1, 40, 50]), box: box)
  }
}

extension Sample {
  /// The bounds of the pixels that are nearer to white than to the ground.
  var whiteBounds: Box? {
    guard let image = try? Pixels.floats(image) else { return nil }
    let (h, w) = (image.shape[1], image.shape[2])
    let numbers = image.array(Float.self)
    let places = numbers.indices.filter { $0 < h * w && numbers[$0] > 0.58 }
    guard let left = places.map({ $0 % w }).min(), let right = places.map({ $0 % w }).max(),
      let top = places.map({ $0 / w }).min(), let bottom = places.map({ $0 / w }).max()
    else { return nil }
    return Box(
      x: Double(left), y: Double(top), width: Double(right - left + 1),
      height: Double(bottom - top + 1))
  }
}

/// Runs `body` as a process that has just begun would: with nothing in memory.
func freshly<T>(_ body: () throws -> T) rethrows -> T {
  try RenderCache.$shared.withValue(RenderCache(budget: 1 << 30), operation: body)
}
