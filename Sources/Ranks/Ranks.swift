import Glibc
import Host

/// The processes of a run, of which this is one. All of them run the same script and make the same
/// calls of `exchange` and `sum`, in the same order.
public final class Ranks: @unchecked Sendable {
  // SAFETY: set at the start of the process, before anything is run.
  /// All ranks of this process's run; nil if it is alone.
  nonisolated(unsafe) public private(set) static var all: Ranks?
  // SAFETY: changed by the thread that runs the script. Another thread may read the value from before or
  // after; both stay alive, as groups are never released.
  /// The ranks that work together where this process is: those of its group while the ranks are apart, else
  /// all. nil if the process works alone.
  nonisolated(unsafe) public internal(set) static var current: Ranks?
  // SAFETY: as `current`.
  /// How often `current` has changed.
  nonisolated(unsafe) static var changes = 0

  /// This process's number, from 0.
  public let rank: Int
  /// The numbers of these ranks among all of the run.
  let members: [Int]
  /// The number of processes.
  public let count: Int
  /// What started them.
  public let launcher: Launcher
  /// The name of each rank's machine.
  public private(set) var machines: [String] = []
  /// Whether messages go over a network, which moves them while cores compute. On one machine it is the cores that move
  /// them, and a thread would only take their time.
  private(set) lazy var spansMachines = Set(members.map { machines[$0] }).count > 1
  /// The number of ranks, this one included, that may use the same cores as this one.
  public private(set) var sharers = 1
  /// The place in the script of the call that is being made, for errors.
  public var place = ""

  let engine: MPI
  /// What is on its way, of all groups.
  let traffic: Traffic
  /// Which calls the others are at.
  private(set) lazy var roll = RollCall(rank, members, engine) { [unowned self] in self.name($0) }
  /// The number of the last call that all ranks make.
  private(set) var number = 0
  /// Why no further call can be made together.
  var broken: (any Error)?
  /// The message by which a rank tells rank 0 that it failed, and its answer.
  private static let (faultTag, heardTag): (Int32, Int32) = (1, 2)

  private var kept: [Any] = []

  /// Whether a wait is expected to be long, and leaves the core to others.
  var waitsLong = false

  private init(_ launcher: Launcher) throws {
    self.launcher = launcher
    engine = try MPI()
    traffic = Traffic()
    (rank, count) = (engine.rank, engine.count)
    members = Array(0..<engine.count)
    place = "the start"
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    let own = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let found = try exchange("start", own + [0] + Array(Ranks.cores.utf8))
    sharers = found.filter { $0 == found[rank] }.count
    machines = found.map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// A group of some of the ranks, of which this process is one.
  init(_ members: [Int], of whole: Ranks) {
    (self.members, engine, launcher) = (members, whole.engine, whole.launcher)
    (rank, count) = (members.firstIndex(of: whole.engine.rank) ?? 0, members.count)
    traffic = whole.traffic
    (machines, sharers, place) = (whole.machines, whole.sharers, whole.place)
  }

  /// The cores that this process may use, as the system lists them: `0-3,8`.
  private static var cores: String {
    guard let file = fopen("/proc/self/status", "r") else { return "" }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, 4096, file) != nil {
      let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      if text.hasPrefix("Cpus_allowed_list:") { return text }
    }
    return ""
  }

  /// Joins the other processes if a launcher started several. Throws `library` and `ranks`.
  public static func start(environment: (String) -> String?) throws {
    guard all == nil, let launcher = try Launcher(environment: environment) else { return }
    all = try Ranks(launcher)
    current = all
  }

  /// A rank in messages: `rank 2 of 3 (node7)`.
  public func name(_ rank: Int) -> String {
    let number = members[rank]
    return "rank \(number) of \(engine.count)"
      + (number < machines.count ? " (\(machines[number]))" : "")
  }

  // MARK: Calls that all ranks make

  /// The next call: its header has its number, its name, its place and a size that all must agree on. Others than rank
  /// 0 send theirs, with some bytes.
  func begin(_ name: String, size: Int, sending bytes: [UInt8] = []) throws {
    if let broken { throw broken }
    number += 1
    let header = Header(number: number, size: size, name: name, place: place)
    do { try traffic.use { try roll.begin(header, sending: bytes) } } catch {
      abandon(error)
      throw error
    }
  }

  /// Sends bytes to all ranks and returns those of every rank, in their order.
  public func exchange(_ name: String, _ bytes: [UInt8]) throws -> [[UInt8]] {
    try begin(name, size: 0, sending: bytes)
    do {
      guard rank == 0 else {
        try wait { try roll.isSent() }
        return try parts(receive(from: 0, tag: answerTag))
      }
      try wait { try roll.isComplete(number) }
      let found = roll.bytes
      let counts = found.map(\.count)
      var all = [UInt8]()
      all.reserveCapacity(8 * count + counts.reduce(0, +))
      for size in counts { withUnsafeBytes(of: UInt64(size)) { all.append(contentsOf: $0) } }
      for part in found { all.append(contentsOf: part) }
      guard all.count < Int(Int32.max) else {
        throw Failure(
          "ranks", "\(name): the ranks have \(all.count) bytes together, more than 2 GB",
          hint: "gather it in parts")
      }
      try sendToAll(all, tag: answerTag)
      return found
    } catch {
      abandon(error)
      throw error
    }
  }

  /// Gives all ranks the bytes of rank 0. Others need not have any.
  public func broadcast(_ name: String, _ bytes: () throws -> [UInt8]) throws -> [UInt8] {
    try exchange(name, rank == 0 ? try bytes() : [])[0]
  }

  private func parts(_ all: [UInt8]) throws -> [[UInt8]] {
    try all.withUnsafeBytes { all in
      var start = 8 * count
      return try (0..<count).map {
        guard start <= all.count else { throw MPI.misfit }
        let size = all.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)
        guard size <= UInt64(all.count - start) else { throw MPI.misfit }
        defer { start += Int(size) }
        return Array(all[start..<start + Int(size)])
      }
    }
  }

  /// The tag of rank 0's answer in the current call. Sums have the other three of a call (see `RankSum.Way`), so that
  /// an answer is never taken for a part of a sum.
  private var answerTag: Int32 { Int32(8 + (number & 0xFF_FFFF) * 4 + 3) }

  /// Keeps what messages may still be read from or written to after an error.
  public func keep(_ owner: Any) { kept.append(owner) }

  // MARK: Messages

  private func sendToAll(_ bytes: [UInt8], tag: Int32) throws {
    do {
      try bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        var requests = try traffic.use {
          try (1..<count).map {
            try engine.send(start, bytes.count, to: members[$0], tag: tag)
          }
        }
        for i in requests.indices { try wait { try engine.isDone(&requests[i]) } }
      }
    } catch {
      keep(bytes)
      throw error
    }
  }

  private func receive(from other: Int, tag: Int32) throws -> [UInt8] {
    var size = 0
    try wait {
      guard let found = try engine.arrived(from: members[other], tag: tag) else { return false }
      size = found.count
      return true
    }
    var bytes = [UInt8](repeating: 0, count: max(1, size))
    do {
      try bytes.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        var request = try traffic.use {
          try engine.receive(start, size, from: members[other], tag: tag)
        }
        try wait { try engine.isDone(&request) }
      }
    } catch {
      keep(bytes)
      throw error
    }
    return Array(bytes.prefix(size))
  }

  /// Waits until a condition of the engine is true, while all that is on its way moves, and the requests to this
  /// process and the failures of other ranks are heeded.
  func wait(_ isDone: () throws -> Bool) throws {
    if try traffic.isDone(isDone) { return }
    try traffic.attend {
      var tries = 0
      while try !traffic.isDone(isDone) {
        tries += 1
        guard tries % 32 == 0 else { continue }
        try Interrupt.check()
        if engine.rank == 0 { try traffic.use { try heedFault() } }
        if waitsLong, tries > 10_000 { usleep(1000) } else { sched_yield() }
      }
    }
  }

  // MARK: Failures

  /// Stops this run if another rank has failed.
  private func heedFault() throws {
    guard let fault = try engine.arrived(from: nil, tag: Ranks.faultTag) else { return }
    var text = [UInt8](repeating: 0, count: max(1, fault.count))
    try text.withUnsafeMutableBytes {
      guard let start = $0.baseAddress else { return }
      var request = try engine.receive(
        start, fault.count, from: fault.source, tag: Ranks.faultTag)
      while try !engine.isDone(&request) {}
      request = try engine.send(start, 1, to: fault.source, tag: Ranks.heardTag)
      while try !engine.isDone(&request) {}
    }
    let words = String(decoding: text.prefix(fault.count), as: UTF8.self)
    RunContext.current.interrupt.request(
      because: Failure(
        "rank-failed", "\((Ranks.all ?? self).name(fault.source)) failed: \(words)"))
    throw Interrupted()
  }

  /// Ends all ranks because of an error on this one. Rank 0 has told it; another rank asks rank 0 to
  /// tell it, and calls `tell` if rank 0 does not answer because it computes.
  public func fail(_ words: String, code: Int32, tell: () -> Void) {
    // Nothing moves any more, so the engine is this thread's.
    traffic.fail(Failure("ranks", "stopped"))
    if rank > 0, !isToldByRank0(words) { tell() }
    engine.abort(code)
  }

  private func isToldByRank0(_ words: String) -> Bool {
    let bytes = Array(words.utf8)
    guard !bytes.isEmpty else { return false }
    return bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress,
        var request = try? engine.send(start, bytes.count, to: 0, tag: Ranks.faultTag)
      else { return false }
      // The higher ranks wait longer, so that of several that fail at once one tells it.
      let end = monotonicSeconds() + 3 + 0.2 * Double(min(rank, 20))
      while monotonicSeconds() < end {
        if (try? engine.arrived(from: 0, tag: Ranks.heardTag)) ?? nil != nil {
          // Rank 0 tells it and ends all.
          sleep(5)
          return true
        }
        _ = try? engine.isDone(&request)
        usleep(2000)
      }
      return false
    }
  }

  /// Waits until all ranks have come to the end of the script, and leaves them; returns the exit code,
  /// the largest of all.
  public func end(_ code: Int32) throws -> Int32 {
    place = ""
    let codes = try exchange("the end of the script", [UInt8(truncatingIfNeeded: code)])
    engine.finalize()
    return Int32(codes.map { $0.first ?? 0 }.max() ?? 0)
  }
}
