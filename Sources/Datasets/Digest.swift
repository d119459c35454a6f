import Host
import Tensors

/// Two independent 64-bit hashes of a stream of numbers: names data by its content. Not meant to
/// withstand somebody who looks for collisions.
struct Digest {
  private var a: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var b: UInt64 = 0xC2B2_AE3D_27D4_EB4F

  mutating func add(_ x: UInt64) {
    a = (a ^ x) &* 0xFF51_AFD7_ED55_8CCD
    a ^= a >> 32
    b = (b &+ x) &* 0xC4CE_B9FE_1A85_EC53
    b ^= b >> 29
  }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
    add(UInt64(text.utf8.count))
  }

  mutating func add(_ tensor: Tensor) {
    add(tensor.dtype.name + Tensor.describe(tensor.shape))
    tensor.readBytes { add($0) }
  }

  mutating func add(_ stamp: FileStamp?) {
    add(stamp == nil ? 0 : 1)
    guard let stamp else { return }
    add(UInt64(truncatingIfNeeded: stamp.size))
    add(UInt64(truncatingIfNeeded: stamp.modified))
    add(stamp.number)
  }

  mutating func add(_ annotation: Annotation) {
    let box = annotation.box.map { [$0.x, $0.y, $0.width, $0.height] } ?? []
    add(UInt64(box.count))
    for number in box { add(number.bitPattern) }
    add(UInt64(annotation.parts.count))
    for part in annotation.parts {
      add(part.name)
      add(part.x.bitPattern)
      add(part.y.bitPattern)
    }
  }

  /// Bytes; their number is the caller's to add.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let words = bytes.count / 8
    for i in 0..<words { add(bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)) }
    for byte in bytes[(words * 8)...] { add(UInt64(byte)) }
  }

  var text: String { String(a, radix: 16) + String(b, radix: 16) }
  var key: ContentKey { ContentKey(a: a, b: b) }
}

/// A digest as a key.
struct ContentKey: Hashable, Sendable {
  let a: UInt64
  let b: UInt64
}
