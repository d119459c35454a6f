import Host
import Images
import Tensors

/// Stacks many small tensors into one.
enum Stack {
  /// The error for two items of different shapes.
  static func difference(
    _ a: [Int], _ b: [Int], _ first: Int, _ other: Int, name: (Int) -> String
  ) -> Failure {
    Failure(
      "image-shape",
      "batches: images differ in size, \(name(first)) is \(Tensor.describe(a)) and "
        + "\(name(other)) is \(Tensor.describe(b))",
      hint: "resize them to one size first, for example with resize(64)")
  }

  /// Stacks tensors of one shape into float32 [n, ...], with uint8 scaled to 0..1. Throws
  /// `image-shape`, naming the item, if shapes differ.
  static func floats(_ items: [Tensor], name: (Int) -> String) throws -> Tensor {
    guard let first = items.first else { return try Tensor(zeros: [0]) }
    try check(items, name: name)
    var result = try Tensor(uninitialized: [items.count] + first.shape, .float32)
    let size = first.count
    // SAFETY: item i writes its own range of `size` elements.
    try result.write(Float.self) { out in
      parallel(items.count, grain: max(1, 1 << 16 / max(1, size))) { range in
        for i in range { Pixels.floats(items[i], into: out + i * size) }
      }
    }
    return result
  }

  /// Stacks tensors of bytes of one shape into uint8 [n, ...]. Throws `image-shape` if shapes
  /// differ.
  static func bytes(_ items: [Tensor], name: (Int) -> String) throws -> Tensor {
    guard let first = items.first else { return try Tensor(zeros: [0], .uint8) }
    try check(items, name: name)
    var result = try Tensor(uninitialized: [items.count] + first.shape, .uint8)
    // SAFETY: item i writes its own range of elements, all of the same size.
    try result.write(UInt8.self) { out in
      for (i, item) in items.enumerated() {
        item.read(UInt8.self) { (out + i * first.count).update(from: $0, count: first.count) }
      }
    }
    return result
  }

  private static func check(_ items: [Tensor], name: (Int) -> String) throws {
    for (i, item) in items.enumerated() where item.shape != items[0].shape {
      throw difference(items[0].shape, item.shape, 0, i, name: name)
    }
  }
}
