import Host
import Tensors

extension View {
  /// Each record's number, int32 [n]: its place in its source. Records keep their numbers when they are
  /// selected, split, shuffled or transformed, and in several views of one source a record has the
  /// same number. If there are several sources, the second one's numbers follow those of the first,
  /// and so on. Throws `argument` if there are 2^31 records or more.
  public func numbers() throws -> Tensor { try numbers(0..<count) }

  func numbers(_ positions: some Collection<Int>) throws -> Tensor {
    var begins: [String: Int] = [:]
    var total = 0
    let begin = strands.map { strand -> Int in
      let source = strand.source
      if let begin = begins[source.identity] { return begin }
      begins[source.identity] = total
      defer { total += source.count }
      return total
    }
    guard total <= Int(Int32.max) else {
      throw Failure(
        "argument", "numbers: there must be fewer than 2^31 records in all sources, got \(total)")
    }
    return try Tensor(
      positions.map { Int32(begin[Int(entries[$0].strand)] + record($0)) },
      shape: [positions.count])
  }
}
