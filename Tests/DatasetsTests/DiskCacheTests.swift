import Glibc
import Host
import Images
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// A host over the real files that can refuse to write.
private final class FullDisk: ForwardingHost {
  var isFull = false
  private(set) var reported = ""

  init() { super.init(SystemHost()) }

  override func write(_ bytes: [UInt8], to path: String) throws {
    if isFull { throw Failure("disk-full", "write: \(path): the disk is full") }
    try super.write(bytes, to: path)
  }
  override func report(_ text: String) { reported += text }
}

struct DiskCacheTests {
  private let host = SystemHost()
  private let temporary = TemporaryFolder()
  private var folder: String { temporary.path }

  /// What a run sees that begins now: each record's pixels and box, and how many were loaded.
  private func run(
    _ source: MarkedSource, _ host: Host? = nil,
    _ chain: [Transform] = [
      Transforms.resize(height: 9, width: 8), Transforms.noise(amount: 0.1),
    ], limit: Int = DiskCache.defaultLimit
  ) throws -> (samples: [Sample], loads: Int) {
    try freshly {
      let disk = DiskCache(folder, limit: limit, host: host ?? self.host)
      let view = chain.reduce(View(source)) { $0.mapped($1) }.cached(on: disk)
      let before = source.loads.withLock { $0 }
      let samples = try view.samples(0..<view.count)
      DiskCache.flushAll()
      return (samples, source.loads.withLock { $0 } - before)
    }
  }

  private func pixels(_ samples: [Sample]) -> [[Float]] {
    samples.map { $0.image.array(Float.self) }
  }

  private var segments: [String] {
    ((try? host.list(folder)) ?? []).flatMap { id in
      ((try? host.list("\(folder)/\(id)")) ?? []).filter { $0.hasSuffix(".seg") }
        .map { "\(folder)/\(id)/\($0)" }
    }
  }

  @Test func anotherRunFindsWhatOneHasMade() throws {
    let source = MarkedSource()
    let first = try run(source)
    // Mostly one segment; a session of another test that ends meanwhile writes what there is.
    #expect(first.loads == 12 && !segments.isEmpty)
    let second = try run(source)
    #expect(second.loads == 0)
    #expect(pixels(second.samples) == pixels(first.samples))
    #expect(second.samples.map(\.box) == first.samples.map(\.box))
    // Bytes stay bytes, and a chain that goes on begins at what is kept.
    let plain = try run(source, nil, [])
    #expect(plain.samples[0].image.dtype == .uint8)
    #expect(try run(source, nil, []).loads == 0)
    let before = source.loads.withLock { $0 }
    _ = try freshly {
      View(source).cached(on: DiskCache(folder, host: host)).mapped(Transforms.grey())
    }.samples(0..<12)
    #expect(source.loads.withLock { $0 } == before)
  }

  @Test func changedBytesOptionsAndSeedsAreOtherRecords() throws {
    _ = try run(MarkedSource())
    #expect(try run(MarkedSource(version: 1)).loads == 12)
    #expect(try run(MarkedSource(), nil, [Transforms.resize(height: 8, width: 9)]).loads == 12)
    let seeded = [Transforms.resize(height: 9, width: 8), Transforms.noise(amount: 0.1, seed: 5)]
    #expect(try run(MarkedSource(), nil, seeded).loads == 12)
    #expect(try run(MarkedSource()).loads == 0)
  }

  @Test func damagedFilesAreRenderedAgain() throws {
    let source = MarkedSource()
    let good = pixels(try run(source).samples)
    guard let path = segments.first else { throw Failure("test", "no segment") }
    let bytes = try host.read(path)
    for length in [0, 1, 7, 8, 15, 16, 40, 200, bytes.count / 2, bytes.count - 1] {
      try host.write(Array(bytes.prefix(length)), to: path)
      let again = try run(source)
      #expect(pixels(again.samples) == good, "cut to \(length)")
      #expect(again.loads > 0)
      #expect(try run(source).loads == 0, "written again after a cut to \(length)")
      for segment in segments { try host.remove(segment) }
      try host.write(bytes, to: path)
    }
    for i in 0..<200 {
      var damaged = bytes
      damaged[(i * 7919) % bytes.count] ^= UInt8(1 << (i % 8))
      try host.write(damaged, to: path)
      #expect(
        pixels(try run(source).samples) == good, "bit flipped in byte \((i * 7919) % bytes.count)")
      for segment in segments { try host.remove(segment) }
      try host.write(bytes, to: path)
    }
    // Sizes that would take all memory, in a header whose sum is right.
    var huge = bytes
    for i in 16..<24 { huge[i] = 0x7F }
    try host.write(huge, to: path)
    #expect(pixels(try run(source).samples) == good)
  }

  @Test func placesThatDoNotFillTheFileAreDamage() throws {
    let samples = try (0..<2).map { i in
      (key: ContentKey(a: UInt64(i), b: 0), value: Sample(try Tensor(zeros: [1, 2, 2])))
    }
    let path = folder + "/a.seg"
    let (bytes, segment) = DiskSegment.bytes(of: samples, path: path)
    try host.write(bytes, to: path)
    #expect(try DiskSegment.read(path, host).places == segment.places)
    // The first record's pixels where the second's are, under a sum that is right.
    var moved = bytes
    let header = Int(moved[8])
    moved[48] += 16
    let sum = moved[..<(header - 8)].withUnsafeBytes(Checksum.of)
    for i in 0..<8 { moved[header - 8 + i] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * i)) }
    try host.write(moved, to: path)
    let error = #expect(throws: Failure.self) { try DiskSegment.read(path, host) }
    #expect(error?.kind == "cache")
  }

  @Test func aFileThatGoesWhileItIsUsedIsNoLoss() throws {
    let source = MarkedSource()
    let good = pixels(try run(source).samples)
    let view = freshly {
      [Transforms.resize(height: 9, width: 8), Transforms.noise(amount: 0.1)]
        .reduce(View(source)) { $0.mapped($1) }
        .cached(on: DiskCache(folder, host: host))
    }
    _ = try view.samples([0])
    for segment in segments { try host.remove(segment) }
    #expect(pixels(try view.samples(0..<12)) == good)
  }

  @Test func aFullDiskIsSaidOnceAndTheRunGoesOn() throws {
    let full = FullDisk()
    full.isFull = true
    let source = MarkedSource()
    let good = pixels(try run(source, full).samples)
    #expect(full.reported.hasPrefix("note: cached: write: "))
    #expect(full.reported.hasSuffix("the disk is full; the run continues without it\n"))
    #expect(segments.isEmpty)
    #expect(pixels(try run(source).samples) == good)
    // A folder that can't be made: a file is in its place.
    try host.write([1], to: folder + "/file")
    let disk = DiskCache(folder + "/file", host: full)
    full.isFull = false
    _ = try freshly { View(source).cached(on: disk) }.samples(0..<12)
    DiskCache.flushAll()
    #expect(full.reported.split(separator: "\n").count == 2)
  }

  /// Chains whose files are equally large, and how large.
  private let chains = (8..<11).map { Transforms.lowres(height: $0, width: 8) }
  private func size() throws -> Int {
    _ = try run(MarkedSource(), nil, [chains[0]])
    return try DiskCache(folder, host: host).entries()[0].bytes
  }

  /// Waits until nothing is in use: another test that flushes all caches may have this one's in its hand.
  private func untilReleased() throws {
    for _ in 0..<1000 {
      if try DiskCache(folder, host: host).entries().allSatisfy({ !$0.isInUse }) { return }
      usleep(10_000)
    }
  }

  @Test func whatWasUsedLeastRecentlyMakesRoom() throws {
    let limit = try 2 * size() + 100
    let source = MarkedSource()
    func loads(_ i: Int) throws -> Int {
      try untilReleased()
      return try run(source, nil, [chains[i]], limit: limit).loads
    }
    #expect(try loads(1) == 12)
    // The first is used again, so that the second is older; the third takes its place.
    #expect(try loads(0) == 0)
    #expect(try loads(2) == 12)
    #expect(try loads(0) == 0 && loads(2) == 0)
    let cache = DiskCache(folder, limit: limit, host: host)
    try untilReleased()
    #expect(
      try cache.entries().map(\.title)
        == ["marked |> lowres(8)", "marked |> lowres([10, 8])"])
    #expect(try cache.entries().allSatisfy { !$0.isInUse })
    // What a killed run left goes, too.
    let id = try cache.entries()[0].id
    try host.write([UInt8](repeating: 0, count: 90), to: "\(folder)/\(id)/.x.seg.999.part")
    #expect(try loads(1) == 12)
    #expect(try cache.entries().reduce(0) { $0 + $1.bytes } <= limit)
  }

  @Test func whatARunningProcessUsesStays() throws {
    let limit = try size() + 100
    let source = MarkedSource()
    let full = FullDisk()
    do {
      // Nothing was read from its folder yet, and it is held.
      let inUse = freshly {
        View(source).mapped(chains[0])
          .cached(on: DiskCache(folder, limit: limit, host: host))
      }
      let good = pixels(try run(source, full, [chains[1]], limit: limit).samples)
      #expect(full.reported.hasSuffix("are in use; the run continues without it\n"))
      #expect(full.reported.split(separator: "\n").count == 1)
      #expect(try DiskCache(folder, host: host).entries().map(\.isInUse) == [true])
      #expect(try run(source, nil, [chains[0]], limit: limit).loads == 0)
      #expect(pixels(try run(source, full, [chains[1]], limit: limit).samples) == good)
      #expect(inUse.count == 12)
    }
    try untilReleased()
    #expect(try run(source, nil, [chains[1]], limit: limit).loads == 12)
    #expect(
      try DiskCache(folder, host: host).entries().map(\.title) == ["marked |> lowres([9, 8])"])
  }

  @Test func runsAtTheSameTimeShare() throws {
    let source = MarkedSource(40)
    let good = pixels(try run(source).samples)
    for segment in segments { try host.remove(segment) }
    // Eight caches over one folder, each as another process would have it.
    let all = try parallelMap(8) { _ in
      let view = freshly {
        [Transforms.resize(height: 9, width: 8), Transforms.noise(amount: 0.1)]
          .reduce(View(source)) { $0.mapped($1) }
          .cached(on: DiskCache(folder, host: host))
      }
      let samples = try view.samples(0..<40)
      DiskCache.flushAll()
      return pixels(samples)
    }
    #expect(all.allSatisfy { $0 == good })
    #expect(try run(source).loads == 0)
  }

  @Test func whatIsKeptIsListedAndRemoved() throws {
    _ = try run(MarkedSource())
    _ = try run(MarkedSource(), nil, [])
    let cache = DiskCache(folder, host: host)
    let entries = try cache.entries()
    #expect(entries.map(\.title) == ["marked", "marked |> resize([9, 8]) |> noise(0.1)"])
    #expect(entries.map(\.records) == [12, 12])
    #expect(entries[0].bytes > 12 * 2000 && entries[0].broken == 0)
    let id = entries[0].id
    // A temporary file that a killed run left behind.
    try host.write([1, 2, 3], to: "\(folder)/\(id)/.x.seg.999.part")
    #expect(try cache.entries()[0].broken == 1)
    try cache.remove(id)
    #expect(try cache.entries().count == 1)
    #expect(try DiskCache(folder + "/none", host: host).entries().isEmpty)
  }
}
