import Host

/// The parts of a batch that are computed together, as one of them sees them.
public struct PartMeeting {
  /// The number of this part; nil if it does not count.
  public let part: Int?
  /// Says bytes to all parts, which do so at the same place, and gives what all have said, in their order.
  public let exchange: (_ name: String, _ bytes: [UInt8]) throws -> [[UInt8]]

  /// Replaces numbers by the sums over all parts, added by their tree.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Float>) throws {
    try add(name, UnsafeMutableRawBufferPointer(numbers), .float32)
  }

  /// The same in double precision.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Double>) throws {
    try add(name, UnsafeMutableRawBufferPointer(numbers), .float64)
  }

  fileprivate func add(
    _ name: String, _ numbers: UnsafeMutableRawBufferPointer, _ type: Numbers
  ) throws {
    let parts = try exchange(name, Array(numbers))
    guard parts.allSatisfy({ $0.count == numbers.count }) else {
      throw Failure(
        "parts", "\(name): the parts of the batch have different numbers of elements")
    }
    guard let sums = numbers.baseAddress else { return }
    Array(parts.joined()).withUnsafeBytes { all in
      guard let first = all.baseAddress else { return }
      type.add(
        Plan(PartTree(parts: parts.count, ranks: parts.count)),
        parts.indices.map { first + $0 * numbers.count }, numbers.count / type.stride, sums)
    }
  }
}

/// What a part of a batch can ask about all of it.
extension Division {
  /// The sums over the batch of a few numbers of this part.
  public func sums(_ name: String, _ numbers: [Double]) throws -> [Double] {
    try added(name, numbers, .float64)
  }

  /// The means and biased variances of all the batch's elements, of as many channels, from those of this part's,
  /// which are `count` in each channel.
  public func moments(
    _ name: String, _ count: Double, _ means: [Double], _ variances: [Double]
  ) throws -> (means: [Double], variances: [Double]) {
    let own = zip(means, variances).flatMap { [count, $0, $1] }
    let all = try added(name, own, .moments)
    return (means.indices.map { all[3 * $0 + 1] }, means.indices.map { all[3 * $0 + 2] })
  }

  private func added(_ name: String, _ numbers: [Double], _ type: Numbers) throws -> [Double] {
    guard let meeting else { return try ranks?.added(name, numbers, type) ?? numbers }
    var numbers = numbers
    try numbers.withUnsafeMutableBytes { try meeting.add(name, $0, type) }
    return numbers
  }
}
