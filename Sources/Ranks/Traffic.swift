import Glibc
import Host

/// The calls of this process that are on their way. Open MPI moves messages only while it is called: whoever waits for
/// one moves all, and while nobody waits, a thread does.
final class Traffic: @unchecked Sendable {
  /// What moves at each call.
  protocol Transfer: AnyObject {
    /// Whether nothing is left to move.
    var isDone: Bool { get }
    /// Moves on without waiting. `room` is the number of pieces that may still be started.
    func move(_ room: inout Int) throws
  }

  private struct State {
    var transfers: [any Transfer] = []
    /// Whether somebody waits.
    var isAttended = false
    var thread: Thread?
    /// Why nothing moves any more.
    var failure: (any Error)?
  }

  private let state = Monitor(State())
  /// Memory for pieces, used by whoever moves.
  let memory = PieceMemory()

  /// The most pieces that are on their way at a time. A message that others wait for, such as the sums of a batch
  /// normalisation, queues behind these.
  private static let most = 2
  /// How long the thread rests between two looks, in microseconds. A look costs some fifteen; at 1 Gbit/s, the pieces on
  /// their way take two thousand.
  private static let rest: UInt32 = 1000

  /// The engine is used by one thread at a time, inside of these calls. Others in it, such as those of the thread, wait.
  func use<Result>(_ body: () throws -> Result) rethrows -> Result {
    try state.withLock { _ in try body() }
  }

  /// Adds a transfer, which follows those before it. It is held until it is done, or for ever if it fails.
  func start(_ transfer: any Transfer) throws {
    try state.change {
      if let failure = $0.failure { throw failure }
      $0.transfers.append(transfer)
      try Traffic.move(&$0)
    }
  }

  /// Moves all transfers and asks whether a condition is true.
  func isDone(_ condition: () throws -> Bool) throws -> Bool {
    try state.withLock {
      try Traffic.move(&$0)
      return try condition()
    }
  }

  /// Runs a loop that moves all transfers, so that the thread need not.
  func attend<Result>(_ body: () throws -> Result) rethrows -> Result {
    state.withLock { $0.isAttended = true }
    defer { state.withLock { $0.isAttended = false } }
    return try body()
  }

  /// Has the transfers move while nobody waits for them.
  func moveUnattended() {
    state.withLock {
      if $0.thread == nil { $0.thread = Thread { [self] in moveForever() } }
    }
  }

  /// Stops everything.
  func fail(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

  private static func move(_ state: inout State) throws {
    guard !state.transfers.isEmpty else { return }
    if let failure = state.failure { throw failure }
    do {
      var room = most
      for transfer in state.transfers { try transfer.move(&room) }
      state.transfers.removeAll { $0.isDone }
    } catch {
      state.failure = error
      throw error
    }
  }

  private func moveForever() {
    while true {
      state.wait { $0.transfers.isEmpty || $0.failure != nil ? nil : () }
      usleep(Traffic.rest)
      // An error is thrown to the one who waits next.
      state.withLock { if !$0.isAttended { try? Traffic.move(&$0) } }
    }
  }
}

/// Memory that pieces of sums use one after another. Fresh memory of the system costs more than the sums.
final class PieceMemory {
  private var free: [Int: [UnsafeMutableRawPointer]] = [:]

  /// Uninitialised bytes.
  func take(_ count: Int) -> UnsafeMutableRawPointer {
    free[count]?.popLast() ?? .allocate(byteCount: max(1, count), alignment: 64)
  }

  /// Takes back bytes, as many as were taken. Those of a few pieces are kept.
  func give(_ bytes: UnsafeMutableRawPointer, _ count: Int) {
    if free.count > 32 {
      free.values.joined().forEach { $0.deallocate() }
      free = [:]
    }
    free[count, default: []].append(bytes)
  }
}
