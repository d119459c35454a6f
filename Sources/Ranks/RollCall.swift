import Host

/// Whether the ranks are at the same calls: each sends the header of every call that it makes to rank 0, which compares
/// them with its own, in order. It is used under the lock of the traffic.
final class RollCall {
  private let rank: Int
  private let members: [Int]
  private let engine: MPI
  private let name: (Int) -> String

  /// Headers of rank 0 that some rank has not been seen to send, and the number of the first of them.
  private var own: [Header] = []
  private var first = 1
  /// The number of the last call that each rank has been seen at.
  private var seen: [Int]
  /// The message of each rank that is being received.
  private var incoming: [Incoming?]
  /// What came with the header of each rank's last call.
  private(set) var bytes: [[UInt8]]
  /// Messages that are being sent.
  private var outgoing: [Incoming] = []

  /// A message on its way.
  private struct Incoming {
    let memory: UnsafeMutableRawBufferPointer
    var request: MPI.Request
  }

  /// All headers have one tag, since rank 0 must see that of another call than its own.
  private static let tag: Int32 = 0

  /// Makes the roll of some ranks of all; `name` is a rank in messages.
  init(_ rank: Int, _ members: [Int], _ engine: MPI, name: @escaping (Int) -> String) {
    (self.rank, self.members, self.engine, self.name) = (rank, members, engine, name)
    seen = members.map { _ in 0 }
    incoming = members.map { _ in nil }
    bytes = members.map { _ in [] }
  }

  /// Notes a call of this rank, and sends its header and some bytes.
  func begin(_ header: Header, sending extra: [UInt8]) throws {
    if rank == 0 {
      own.append(header)
      bytes[0] = extra
      return
    }
    let all = header.bytes + extra
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: all.count, alignment: 16)
    memory.copyBytes(from: all)
    guard let start = memory.baseAddress else { return }
    let request = try engine.send(start, all.count, to: members[0], tag: RollCall.tag)
    outgoing.append(Incoming(memory: memory, request: request))
  }

  /// Whether all ranks are known to be at a call, or beyond it; other ranks than 0 do not ask. Reads what has arrived of
  /// the headers up to this call. Throws `ranks` if a rank is at another.
  func isComplete(_ number: Int) throws -> Bool {
    while !outgoing.isEmpty, try engine.isDone(&outgoing[0].request) {
      outgoing.removeFirst().memory.deallocate()
    }
    guard rank == 0 else { return true }
    var isComplete = true
    for other in members.indices.dropFirst() {
      while try seen[other] < number && read(from: other) {}
      if seen[other] < number { isComplete = false }
    }
    // What all have been seen at is not needed any more.
    let last = seen.dropFirst().min() ?? number
    if last >= first {
      own.removeFirst(min(own.count, last - first + 1))
      first = last + 1
    }
    return isComplete
  }

  /// Whether everything is sent.
  func isSent() throws -> Bool {
    _ = try isComplete(0)
    return outgoing.isEmpty
  }

  /// Reads the next header of a rank, as far as it has arrived.
  private func read(from other: Int) throws -> Bool {
    if incoming[other] == nil {
      guard let found = try engine.arrived(from: members[other], tag: RollCall.tag) else {
        return false
      }
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(1, found.count), alignment: 16)
      guard let start = memory.baseAddress else { return false }
      let request = try engine.receive(
        start, found.count, from: members[other], tag: RollCall.tag)
      incoming[other] = Incoming(memory: memory, request: request)
    }
    guard var message = incoming[other] else { return false }
    let isDone = try engine.isDone(&message.request)
    incoming[other] = message
    guard isDone else { return false }
    incoming[other] = nil
    defer { message.memory.deallocate() }
    let all = [UInt8](message.memory)
    let (header, expected) = (Header(all), own[seen[other] + 1 - first])
    guard header == expected else {
      throw Failure(
        "ranks",
        "\(name(0)) is at \(expected.text), \(name(other)) at "
          + (header?.text ?? "a message that cannot be read"),
        hint: "all ranks must make the same calls in the same order; "
          + "`if rank() == 0` may not contain one")
    }
    seen[other] += 1
    bytes[other] = Array(all.dropFirst(Header.size))
    return true
  }
}
