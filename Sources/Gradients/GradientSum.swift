import Host
import Ranks
import Tensors

/// The sum of gradients over all ranks.
enum GradientSum {
  /// Gradients with fewer elements are sent together.
  private static let small = 1 << 16

  /// Replaces the gradients in some items by their sums. All ranks have gradients of the same parameters,
  /// in the same order.
  static func replace<Item>(
    _ items: inout [Item], _ gradient: WritableKeyPath<Item, Gradient>, over ranks: Ranks
  ) throws {
    var bucket: [Int] = []
    for i in items.indices {
      // Nothing else holds the tensor then, so that it is changed in place.
      var tensor = try items[i][keyPath: gradient].computed()
      guard tensor.dtype == .float32, tensor.count >= small else {
        items[i][keyPath: gradient] = Gradient(tensor)
        bucket.append(i)
        continue
      }
      items[i][keyPath: gradient] = try Gradient(Tensor(zeros: []))
      let count = tensor.count
      try tensor.write(Float.self) {
        try ranks.sum("minimize", UnsafeMutableBufferPointer(start: $0, count: count))
      }
      items[i][keyPath: gradient] = Gradient(tensor)
    }
    try sum(&items, bucket, gradient, ranks)
  }

  private static func sum<Item>(
    _ items: inout [Item], _ bucket: [Int], _ gradient: WritableKeyPath<Item, Gradient>,
    _ ranks: Ranks
  ) throws {
    let tensors = try bucket.map { try items[$0][keyPath: gradient].computed() }
    guard tensors.allSatisfy({ $0.dtype == .float32 }) else {
      for (i, tensor) in zip(bucket, tensors) {
        items[i][keyPath: gradient] = Gradient(try tensor.summedOverRanks("minimize"))
      }
      return
    }
    let all = try Tensor.concat(tensors.map { try $0.reshaped([$0.count]) })
    let sums = try all.summedOverRanks("minimize")
    var first = 0
    for (i, tensor) in zip(bucket, tensors) {
      let part = try sums.slice(first..<first + tensor.count).reshaped(tensor.shape)
      items[i][keyPath: gradient] = Gradient(part)
      first += tensor.count
    }
  }
}
