import Host
import Images
import Tensors

extension View {
  /// The samples at some positions, rendered or from what is kept.
  public func samples(_ positions: some Collection<Int>, epoch: Int = 0) throws -> [Sample] {
    let positions = Array(positions)
    var results = [Sample?](repeating: nil, count: positions.count)
    for (number, strand) in strands.enumerated() {
      let places = positions.indices.filter { Int(entries[positions[$0]].strand) == number }
      if places.isEmpty { continue }
      let samples = try strand.render(places.map { record(positions[$0]) }, epoch: epoch)
      for (place, sample) in zip(places, samples) { results[place] = sample }
    }
    return results.compactMap { $0 }
  }

  /// The images at some positions as float32 [n, ...]; uint8 counts as 0..1. Throws `image-shape`
  /// where they differ in size.
  public func images(_ positions: some Collection<Int>, epoch: Int = 0) throws -> Tensor {
    if positions.isEmpty { return try Tensor(zeros: [0] + (imageShape ?? [])) }
    let numbers = Array(positions)
    let items = try samples(numbers, epoch: epoch).map(\.image)
    return try Stack.floats(items) { "record \(name(numbers[$0]))" }
  }

  /// All images as float32 [n, ...].
  public func images() throws -> Tensor { try images(0..<count) }
}

extension Strand {
  /// Records after all steps.
  func render(_ records: [Int], epoch: Int) throws -> [Sample] {
    let fixed = try renderFixed(records)
    if isFixed { return fixed }
    let tail = fixedCount..<steps.count
    return try map(records.count, serial: steps[tail].contains { $0.transform.isSerial }) { i in
      try apply(tail, to: fixed[i], record: records[i], epoch: epoch)
    }
  }

  /// Records after the leading fixed steps, kept.
  private func renderFixed(_ records: [Int]) throws -> [Sample] {
    if fixedCount == 0 && source.isResident { return try records.map(source.load) }
    let cache = RenderCache.shared
    var results = cache.samples(records, of: keys[fixedCount])
    // A record may be asked for twice in one batch; it is rendered once.
    var missing: [Int] = []
    var places: [Int: Int] = [:]
    for (record, sample) in zip(records, results) where sample == nil && places[record] == nil {
      places[record] = missing.count
      missing.append(record)
    }
    if !missing.isEmpty {
      // The longest part of the chain that is kept for the record is where its rendering starts.
      var starts = [(steps: Int, sample: Sample)?](repeating: nil, count: missing.count)
      for length in stride(from: fixedCount - 1, through: 0, by: -1) {
        for (i, sample) in cache.samples(missing, of: keys[length]).enumerated()
        where starts[i] == nil {
          starts[i] = sample.map { (length, $0) }
        }
      }
      let serial = steps[..<fixedCount].contains { $0.transform.isSerial }
      // Parts, so that Ctrl-C is noticed and what is done already is kept.
      let part = 256
      var rendered: [Sample] = []
      for low in stride(from: 0, to: missing.count, by: part) {
        try Interrupt.check()
        let count = min(part, missing.count - low)
        let fresh = try map(count, serial: serial) { i -> Sample in
          let record = missing[low + i]
          let start = try starts[low + i] ?? (0, load(record))
          return try apply(start.steps..<fixedCount, to: start.sample, record: record, epoch: 0)
        }
        cache.keep(
          fresh.enumerated().map { (missing[low + $0.offset], $0.element) }, of: keys[fixedCount])
        rendered += fresh
      }
      for (i, record) in records.enumerated() where results[i] == nil {
        results[i] = places[record].map { rendered[$0] }
      }
    }
    return results.compactMap { $0 }
  }

  private func map(_ count: Int, serial: Bool, _ body: (Int) throws -> Sample) throws -> [Sample] {
    if serial {
      return try (0..<count).map { i in
        try Interrupt.check()
        return try body(i)
      }
    }
    return try parallelMap(count, body)
  }
}
