import Host
import Ranks
import Tensors

extension Tensor {
  /// The numbers as sums over all ranks, added in the order of the ranks; the same tensor in a process
  /// that is alone. Throws `dtype` for uint8, and `overflow` if a sum does not fit int32.
  public func summedOverRanks(_ name: String) throws -> Tensor {
    guard let ranks = Ranks.current else { return self }
    var sums = try copied()
    func add<T: Element>(
      _: T.Type, _ body: (UnsafeMutableBufferPointer<T>) throws -> Void
    ) throws {
      let count = count
      do {
        try sums.write(T.self) { try body(UnsafeMutableBufferPointer(start: $0, count: count)) }
      } catch {
        ranks.keep(sums)
        throw error
      }
    }
    switch sums.dtype {
    case .float32: try add(Float.self) { try ranks.sum(name, $0) }
    case .float64: try add(Double.self) { try ranks.sum(name, $0) }
    case .int32, .bool:
      // In float64 the sums are exact, and one that is too large for int32 is seen.
      let exact = try cast(to: .float64).summedOverRanks(name)
      do {
        return try exact.cast(to: .int32)
      } catch let failure as Failure where failure.kind == "overflow" {
        throw Failure(
          "overflow", "\(name): a sum does not fit int32 (-2147483648 to 2147483647)",
          hint: "convert first: x.astype(\"float64\")")
      }
    case .uint8:
      throw Failure(
        "dtype", "\(name): x must not be uint8, which is too small for sums",
        hint: "convert first: x.astype(\"int32\")")
    }
    return sums
  }

  /// The sums over the whole batch of what is computed of a part of it.
  func summedOverBatch(_ name: String, _ division: Division?) throws -> Tensor {
    guard let meeting = division?.meeting else { return try summedOverRanks(name) }
    let count = count
    var sums = try copied()
    if dtype == .float64 {
      try sums.write(Double.self) {
        try meeting.sum(name, UnsafeMutableBufferPointer(start: $0, count: count))
      }
    } else {
      try sums.write(Float.self) {
        try meeting.sum(name, UnsafeMutableBufferPointer(start: $0, count: count))
      }
    }
    return sums
  }

  /// The rows that `exchange` gets of all ranks, or of all parts of a batch, in their order, and which of
  /// them are those of number `place`. `who` names a number. Of a batch whose part on this rank is empty,
  /// nothing is taken.
  fileprivate func gathered(
    _ name: String, _ place: Int?, _ who: (Int) -> String,
    _ exchange: (String, [UInt8]) throws -> [[UInt8]]
  ) throws -> (all: Tensor, own: Range<Int>) {
    let isEmpty = Division.current.map { $0.count == 0 && shape[0] == 1 } ?? false
    let own = slice(0..<(isEmpty ? 0 : shape[0]))
    let header = [own.shape.count] + own.shape
    var bytes: [UInt8] = []
    for number in header {
      withUnsafeBytes(of: Int64(number)) { bytes.append(contentsOf: $0) }
    }
    own.readBytes { bytes.append(contentsOf: $0) }
    let parts = try exchange("\(name) of \(dtype.name)", bytes)
    var (rows, first) = (0, 0)
    for (i, part) in parts.enumerated() {
      let other = part.withUnsafeBytes { part in
        (0..<min(part.count / 8, header.count)).map {
          Int(part.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self))
        }
      }
      guard other.first == header[0], other.dropFirst(2) == header.dropFirst(2) else {
        throw Failure(
          "shape",
          "\(name): \(place.map(who) ?? "this rank") has \(Tensor.describe(own.shape)), "
            + "\(who(i)) has \(Tensor.describe(Array(other.dropFirst())))",
          hint: "only the first axis may differ")
      }
      if i == place { first = rows }
      rows += other[1]
    }
    var all = try Tensor(uninitialized: [rows] + own.shape.dropFirst(), dtype)
    try all.writeBytes { target in
      var start = 0
      for part in parts {
        let numbers = part[(8 * header.count)...]
        UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyBytes(from: numbers)
        start += numbers.count
      }
    }
    return (all, first..<first + own.shape[0])
  }
}

extension Variable {
  /// The rows of all ranks, concatenated in the order of the ranks, or of all parts of the batch that
  /// `minimize` computes; in a single process without parts, the tensor itself. In the backward pass, the
  /// gradients that all ranks or parts have of these rows are summed. Throws `shape` if rows differ in shape,
  /// or for a scalar.
  public func gathered(_ name: String = "gather") throws -> Variable {
    guard shape.count > 0 else {
      throw Failure("shape", "\(name): x must have rows, got one number", hint: "stack([x])")
    }
    let division = Division.current
    let (all, own): (Tensor, Range<Int>)
    if let meeting = division?.meeting {
      (all, own) = try value.gathered(
        name, meeting.part, { "part \($0 + 1) of the batch" }, meeting.exchange)
    } else if division?.isApart ?? false {
      throw Failure(
        "parts",
        "\(name): the batch is computed part by part, and its rows are never there together",
        hint: "a loss that couples the records of a batch needs the loop without `sync: false`")
    } else if let ranks = Ranks.current {
      (all, own) = try value.gathered(name, ranks.rank, ranks.name) { try ranks.exchange($0, $1) }
    } else {
      return Tape.result(.gather, [self], value) { gradient in [gradient] }
    }
    let shape = shape
    return Tape.result(.gather, [self], all) { gradient in
      let sums = try gradient.summedOverBatch("the gradient of \(name)", division)
      return [own.isEmpty ? try Tensor(zeros: shape, sums.dtype) : try sums.slice(own).copied()]
    }
  }
}

extension TapeOperation {
  static let gather = TapeOperation(
    "gather", GradientCheck(.init("alone", .uniform(3, 2)) { try $0[0].gathered() * $0[0] }))
}
