import Host

/// A sum over the ranks that is on its way. It is cut into pieces; of each, every rank adds its slice, and the slices are
/// put together, so that each rank sends 2 (P - 1) / P of the bytes. A small sum is sent whole to every rank, which takes
/// one message's time in place of two. Every element is added by the tree, so its bits depend on neither.
final class RankSum: Traffic.Transfer {
  /// How the ranks stand to each other in this sum.
  private let way: Way
  private let sums: UnsafeMutableRawPointer
  private let size: Int
  private let nodes: [UnsafeRawPointer]
  private let plan: Plan
  private let type: Numbers
  private let coding: Coding?
  /// What the addresses belong to.
  private var held: Any?

  private let isSmall: Bool
  private let pieces: Int
  private var started = 0
  private var flying: [Piece] = []
  private(set) var isDone = false
  /// Whether all numbers of a sum that is asked to be sent in another form are finite; known when it is done.
  private(set) var isFinite = true
  private let areFinite: ((UnsafeRawPointer, Int) -> Bool)?

  /// The ranks, and the number of the call among theirs.
  struct Way {
    let rank: Int
    let members: [Int]
    let engine: MPI
    let roll: RollCall
    let memory: PieceMemory
    let number: Int
    var count: Int { members.count }

    /// The tag of a message of the call, so that messages of different calls never meet.
    func tag(_ phase: Int) -> Int32 { Int32(8 + (number & 0xFF_FFFF) * 4 + phase) }
  }

  /// Fewer bytes than these are a small sum.
  static var small: Int { 32 << 10 }
  /// The most bytes of a rank's slice of a piece.
  static var slice: Int { 128 << 10 }

  /// A piece on its way.
  private struct Piece {
    let range: Range<Int>
    var requests: [MPI.Request] = []
    /// The numbers of each node in this rank's slice.
    var sources: [UnsafeRawPointer] = []
    /// What is received in another form.
    var received: [(bytes: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer, count: Int)] = []
    var blocks: [(start: UnsafeMutableRawPointer, count: Int)] = []
    var isSecond = false
  }

  /// Describes a sum of `nodes`, this rank's sums over its own parts, of `size` numbers each, into `sums`, which may be
  /// the first of them. `held` is kept until it is done.
  init(
    _ way: Way, into sums: UnsafeMutableRawPointer, size: Int, _ type: Numbers,
    of nodes: [UnsafeRawPointer], by tree: PartTree, coding: Coding?, holding held: Any?
  ) {
    (self.way, self.sums, self.size, self.nodes, self.held) = (way, sums, size, nodes, held)
    self.type = type
    plan = Plan(tree)
    let bytes = size * type.stride
    isSmall = bytes <= RankSum.small
    areFinite = coding?.areFinite
    self.coding = isSmall ? nil : coding
    pieces = size == 0 ? 0 : isSmall ? 1 : (bytes - 1) / (RankSum.slice * way.count) + 1
  }

  /// Small sums are waited for, and do not wait for room.
  func move(_ room: inout Int) throws {
    if isDone { return }
    do {
      var (left, isFirst): ([Piece], Bool) = ([], true)
      for var piece in flying {
        // The second messages of the pieces follow each other in order, as they have one tag.
        guard piece.isSecond || isFirst else {
          left.append(piece)
          continue
        }
        if try !isOver(&piece) { left.append(piece) }
        if !piece.isSecond { isFirst = false }
      }
      flying = left
      room -= flying.count
      while started < pieces, isSmall || room > 0 {
        flying.append(try start(size * started / pieces..<size * (started + 1) / pieces))
        started += 1
        room -= 1
      }
    } catch {
      // A message that does not fit is one of another call.
      _ = try way.roll.isComplete(way.number)
      throw error
    }
    let isComplete = try way.roll.isComplete(way.number)
    if started == pieces, flying.isEmpty, isComplete {
      isDone = true
      held = nil
      // The sums have the same bits on all ranks, so these agree. Those of few numbers were sent as they are.
      if let areFinite, !areFinite(sums, size) { isFinite = false }
    }
  }

  /// The numbers of a piece that a rank adds.
  private func slice(_ rank: Int, of piece: Range<Int>) -> Range<Int> {
    if isSmall { return piece }
    let first = piece.lowerBound
    return first + piece.count * rank / way.count..<first + piece.count * (rank + 1) / way.count
  }

  // MARK: The steps of a piece

  private func start(_ range: Range<Int>) throws -> Piece {
    let mine = slice(way.rank, of: range)
    var piece = Piece(range: range)
    for other in 0..<way.count {
      if other == way.rank {
        piece.sources += nodes.map { $0 + mine.lowerBound * type.stride }
        continue
      }
      for _ in plan.nodes[other] {
        let numbers = memory(mine.count * type.stride, &piece)
        piece.sources.append(numbers)
        try receive(numbers, mine.count, from: other, 1, &piece)
      }
    }
    for other in 0..<way.count where other != way.rank {
      let slice = slice(other, of: range)
      for node in nodes {
        try send(node + slice.lowerBound * type.stride, slice.count, to: other, 1, &piece)
      }
    }
    return piece
  }

  /// Whether a piece is done. When its first messages have come, it is added and sent on.
  private func isOver(_ piece: inout Piece) throws -> Bool {
    while !piece.requests.isEmpty {
      guard try way.engine.isDone(&piece.requests[piece.requests.count - 1]) else { return false }
      piece.requests.removeLast()
    }
    for (bytes, numbers, count) in piece.received {
      if let coding, !coding.decode(bytes, numbers, count) { isFinite = false }
    }
    piece.received = []
    if !piece.isSecond {
      piece.isSecond = true
      let mine = slice(way.rank, of: piece.range)
      let own = sums + mine.lowerBound * type.stride
      type.add(plan, piece.sources, mine.count, own)
      if !isSmall {
        try exchange(own, mine.count, &piece)
        return try isOver(&piece)
      }
    }
    for block in piece.blocks { way.memory.give(block.start, block.count) }
    return true
  }

  /// Gives the others this rank's slice, and takes theirs.
  private func exchange(
    _ own: UnsafeMutableRawPointer, _ count: Int, _ piece: inout Piece
  ) throws {
    for other in 0..<way.count where other != way.rank {
      let slice = slice(other, of: piece.range)
      try receive(
        sums + slice.lowerBound * type.stride, slice.count, from: other, 2, &piece)
    }
    guard let coding, count > 0 else {
      for other in 0..<way.count where other != way.rank {
        try send(own, count, to: other, 2, &piece)
      }
      return
    }
    let bytes = coded(own, count, coding, &piece)
    for other in 0..<way.count where other != way.rank {
      try sendBytes(bytes, coding.bytes(count), to: other, 2, &piece)
    }
    // All ranks have the numbers that were sent.
    if !coding.decode(bytes, own, count) { isFinite = false }
  }

  // MARK: Messages

  private func send(
    _ numbers: UnsafeRawPointer, _ count: Int, to other: Int, _ phase: Int, _ piece: inout Piece
  ) throws {
    if count == 0 { return }
    guard let coding else {
      return try sendBytes(numbers, count * type.stride, to: other, phase, &piece)
    }
    try sendBytes(
      coded(numbers, count, coding, &piece), coding.bytes(count), to: other, phase, &piece)
  }

  private func sendBytes(
    _ bytes: UnsafeRawPointer, _ count: Int, to other: Int, _ phase: Int, _ piece: inout Piece
  ) throws {
    piece.requests.append(
      try way.engine.send(bytes, count, to: way.members[other], tag: way.tag(phase)))
  }

  private func receive(
    _ numbers: UnsafeMutableRawPointer, _ count: Int, from other: Int, _ phase: Int,
    _ piece: inout Piece
  ) throws {
    if count == 0 { return }
    var (target, bytes) = (numbers, count * type.stride)
    if let coding {
      bytes = coding.bytes(count)
      target = memory(bytes, &piece)
      piece.received.append((target, numbers, count))
    }
    piece.requests.append(
      try way.engine.receive(target, bytes, from: way.members[other], tag: way.tag(phase)))
  }

  private func coded(
    _ numbers: UnsafeRawPointer, _ count: Int, _ coding: Coding, _ piece: inout Piece
  ) -> UnsafeMutableRawPointer {
    let bytes = memory(coding.bytes(count), &piece)
    coding.encode(numbers, bytes, count)
    return bytes
  }

  /// Memory for as long as the piece is on its way.
  private func memory(_ count: Int, _ piece: inout Piece) -> UnsafeMutableRawPointer {
    let bytes = way.memory.take(count)
    piece.blocks.append((bytes, count))
    return bytes
  }
}

/// Another form in which numbers are sent.
struct Coding {
  /// The bytes of so many numbers.
  let bytes: (Int) -> Int
  let encode: (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
  /// Writes the numbers; false if some are not finite.
  let decode: (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Bool
  /// Whether so many numbers are finite.
  let areFinite: (UnsafeRawPointer, Int) -> Bool
}
