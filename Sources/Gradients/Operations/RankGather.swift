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

  /// The rows of all ranks, in the order of the ranks, and which of them are this rank's. Of a batch
  /// whose part on this rank is empty, nothing is taken.
  fileprivate func gathered(over ranks: Ranks, _ name: String) throws -> (
    all: Tensor, own: Range<Int>
  ) {
    let isEmpty = Division.current.map { $0.count == 0 && shape[0] == 1 } ?? false
    let own = slice(0..<(isEmpty ? 0 : shape[0]))
    let header = [own.shape.count] + own.shape
    var bytes: [UInt8] = []
    for number in header {
      withUnsafeBytes(of: Int64(number)) { bytes.append(contentsOf: $0) }
    }
    own.readBytes { bytes.append(contentsOf: $0) }
    let parts = try ranks.exchange("\(name) of \(dtype.name)", bytes)
    var (rows, first) = (0, 0)
    for (rank, part) in parts.enumerated() {
      let other = part.withUnsafeBytes { part in
        (0..<min(part.count / 8, header.count)).map {
          Int(part.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self))
        }
      }
      guard other.first == header[0], other.dropFirst(2) == header.dropFirst(2) else {
        throw Failure(
          "shape",
          "\(name): \(ranks.name(ranks.rank)) has \(Tensor.describe(own.shape)), "
            + "\(ranks.name(rank)) has \(Tensor.describe(Array(other.dropFirst())))",
          hint: "only the first axis may differ")
      }
      if rank == ranks.rank { first = rows }
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
  /// The rows of all ranks, in the order of the ranks; the same tensor in a process that is alone. The
  /// gradient of this rank's rows is the sum over all ranks of what each makes of them. Throws `shape`
  /// if rows differ in shape, or for one number.
  public func gathered(_ name: String = "gather") throws -> Variable {
    guard shape.count > 0 else {
      throw Failure("shape", "\(name): x must have rows, got one number", hint: "stack([x])")
    }
    if Division.current?.isApart ?? false {
      throw Failure(
        "parts",
        "\(name): the batch is computed in parts, one after another, and its rows are never there together",
        hint: "a loss that couples the records of a batch needs the loop without `parts`")
    }
    guard let ranks = Ranks.current else {
      return Tape.result(.gather, [self], value) { gradient in [gradient] }
    }
    let (all, own) = try value.gathered(over: ranks, name)
    let shape = shape
    return Tape.result(.gather, [self], all) { gradient in
      let sums = try gradient.summedOverRanks("the gradient of \(name)")
      return [own.isEmpty ? try Tensor(zeros: shape, sums.dtype) : try sums.slice(own).copied()]
    }
  }
}

extension TapeOperation {
  static let gather = TapeOperation(
    "gather", GradientCheck(.init("alone", .uniform(3, 2)) { try $0[0].gathered() * $0[0] }))
}
