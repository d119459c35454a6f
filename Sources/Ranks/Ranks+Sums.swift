import Host

extension Ranks {
  /// Replaces numbers by their sums over all ranks, added in the order of the ranks.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Float>) throws {
    try add(name, numbers)
  }

  /// The same in double precision.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Double>) throws {
    try add(name, numbers)
  }

  /// The sums of a few numbers.
  public func sums(_ name: String, _ numbers: [Double]) throws -> [Double] {
    var numbers = numbers
    try numbers.withUnsafeMutableBufferPointer { try add(name, $0) }
    return numbers
  }

  /// Fewer bytes than these are sent whole to each rank, which takes one message's time in place of two.
  private static var small: Int { 32 << 10 }

  private func add<T: Summable>(_ name: String, _ numbers: UnsafeMutableBufferPointer<T>) throws {
    let bytes = numbers.count * MemoryLayout<T>.stride
    _ = try begin(name, size: bytes)
    guard let own = numbers.baseAddress, bytes > 0 else { return }
    if bytes <= Ranks.small {
      // Every rank adds all.
      try withParts(of: numbers.count, T.self) { parts in
        for i in 0..<numbers.count { parts[rank * numbers.count + i] = own[i] }
        var requests: [MPI.Request] = []
        for other in 0..<count where other != rank {
          let part = parts + other * numbers.count
          try receive(part, numbers.count, from: other, phase: 1, &requests)
          try send(own, numbers.count, to: other, phase: 1, &requests)
        }
        try finish(&requests)
        add(parts, count: numbers.count, into: own)
      }
      return
    }
    // Each rank adds its slice of the numbers, and the slices are put together.
    let mine = slice(rank, numbers.count)
    try withParts(of: mine.count, T.self) { parts in
      for i in 0..<mine.count { parts[rank * mine.count + i] = own[mine.lowerBound + i] }
      var requests: [MPI.Request] = []
      for other in 0..<count where other != rank {
        try receive(parts + other * mine.count, mine.count, from: other, phase: 1, &requests)
      }
      for other in 0..<count where other != rank {
        let slice = slice(other, numbers.count)
        try send(own + slice.lowerBound, slice.count, to: other, phase: 1, &requests)
      }
      try finish(&requests)
      add(parts, count: mine.count, into: own + mine.lowerBound)
    }
    var requests: [MPI.Request] = []
    for other in 0..<count where other != rank {
      let slice = slice(other, numbers.count)
      try receive(own + slice.lowerBound, slice.count, from: other, phase: 2, &requests)
    }
    for other in 0..<count where other != rank {
      try send(own + mine.lowerBound, mine.count, to: other, phase: 2, &requests)
    }
    try finish(&requests)
  }

  /// The positions that a rank adds.
  private func slice(_ rank: Int, _ numbers: Int) -> Range<Int> {
    numbers * rank / count..<numbers * (rank + 1) / count
  }

  /// Memory for a part of each rank.
  private func withParts<T: Summable>(
    of size: Int, _: T.Type, _ body: (UnsafeMutablePointer<T>) throws -> Void
  ) throws {
    let parts = UnsafeMutablePointer<T>.allocate(capacity: max(1, size * count))
    defer { parts.deallocate() }
    try body(parts)
  }

  private func send<T: Summable>(
    _ numbers: UnsafeMutablePointer<T>, _ size: Int, to other: Int, phase: Int,
    _ requests: inout [MPI.Request]
  ) throws {
    try pieces(size, T.self) {
      requests.append(
        try engine.send(
          numbers + $0.lowerBound, $0.count * MemoryLayout<T>.stride, to: members[other],
          tag: tag(phase)))
    }
  }

  private func receive<T: Summable>(
    _ numbers: UnsafeMutablePointer<T>, _ size: Int, from other: Int, phase: Int,
    _ requests: inout [MPI.Request]
  ) throws {
    try pieces(size, T.self) {
      requests.append(
        try engine.receive(
          numbers + $0.lowerBound, $0.count * MemoryLayout<T>.stride, from: members[other],
          tag: tag(phase)))
    }
  }

  /// The ranges of messages, none of which is larger than a message can be.
  private func pieces<T>(_ size: Int, _: T.Type, _ body: (Range<Int>) throws -> Void) rethrows {
    let most = MPI.largest / MemoryLayout<T>.stride
    for low in stride(from: 0, to: size, by: most) { try body(low..<min(size, low + most)) }
  }

  /// Adds the parts of all ranks in their order.
  private func add<T: Summable>(
    _ parts: UnsafeMutablePointer<T>, count size: Int, into sums: UnsafeMutablePointer<T>
  ) {
    // A block of sums stays in the first cache while the parts of the ranks are added to it.
    for low in stride(from: 0, to: size, by: 2048) {
      let high = min(size, low + 2048)
      for i in low..<high { sums[i] = parts[i] }
      for other in 1..<count {
        let part = parts + other * size
        for i in low..<high { sums[i] = T.sum(sums[i], part[i]) }
      }
    }
  }
}

/// Numbers that the ranks add.
private protocol Summable {
  static func sum(_ a: Self, _ b: Self) -> Self
}

extension Float: Summable {
  fileprivate static func sum(_ a: Float, _ b: Float) -> Float { a + b }
}

extension Double: Summable {
  fileprivate static func sum(_ a: Double, _ b: Double) -> Double { a + b }
}
