import Host

/// The parts of a batch that this rank computes, each on a thread of its own. One runs at a time, until it says
/// something to the other parts or ends. When all of them have said something, each hears what all parts of the
/// batch said, and they go on in turn: at a layer that asks for the whole batch, all parts arrive before one leaves.
/// Where nothing asks, one part ends before the next begins.
final class PartTurns: @unchecked Sendable {
  /// What is said, and its bytes.
  typealias Saying = (name: String, bytes: [UInt8])

  /// The part whose turn it is; nil while the thread that gives the turns runs.
  private let turn = Monitor<Int?>(nil)
  // Only the one whose turn it is uses these.
  private var said: [Saying?]
  private var hasEnded: [Bool]
  private var heard: [[UInt8]] = []
  private var failure: (any Error)?

  init(_ count: Int) {
    said = Array(repeating: nil, count: count)
    hasEnded = Array(repeating: false, count: count)
  }

  /// Runs the bodies of all parts. `exchange` makes of what this rank's parts said what those of all ranks said.
  func run(
    _ body: (Int) throws -> Void, exchanging exchange: (String, [[UInt8]]) throws -> [[UInt8]]
  ) throws {
    try withoutActuallyEscaping(body) { body in
      var threads: [Thread] = []
      defer { for thread in threads { thread.join() } }
      let restore = Entry.settingAside()
      while hasEnded.contains(false) {
        for part in hasEnded.indices where !hasEnded[part] {
          if part == threads.count {
            guard failure == nil else {
              hasEnded[part...] = ArraySlice(repeating: true, count: hasEnded.count - part)
              break
            }
            restore()
            guard let thread = start(part, body) else {
              failure = Failure("out-of-memory", "the system gives no thread to run on")
              continue
            }
            threads.append(thread)
          }
          turn.change { $0 = part }
          turn.wait { $0 == nil ? () : nil }
        }
        restore()
        if failure == nil, hasEnded.contains(false) { answer(exchange) }
      }
    }
    if let failure { throw failure }
  }

  private func start(_ part: Int, _ body: @escaping (Int) throws -> Void) -> Thread? {
    WorkingThread.deputy { [self] in
      turn.wait { $0 == part ? () : nil }
      do { try body(part) } catch { failure = failure ?? error }
      hasEnded[part] = true
      turn.change { $0 = nil }
    }
  }

  private func answer(_ exchange: (String, [[UInt8]]) throws -> [[UInt8]]) {
    let all = said.compactMap { $0 }
    guard let name = all.first?.name, all.count == said.count, all.allSatisfy({ $0.name == name })
    else {
      failure = Failure(
        "parts",
        "minimize: one part of the batch asks for something of the whole batch that another does not",
        hint: "all parts must call the same layers; with `sync: false` they do not ask")
      return
    }
    said = said.map { _ in nil }
    do { heard = try exchange(name, all.map(\.bytes)) } catch { failure = error }
  }

  /// Says something for a part, and gives what all parts of the batch have said, in order. If another part has failed,
  /// this one ends too.
  func exchange(_ part: Int, _ saying: Saying) throws -> [[UInt8]] {
    if failure == nil {
      said[part] = saying
      let restore = Entry.settingAside()
      turn.change { $0 = nil }
      turn.wait { $0 == part ? () : nil }
      restore()
    }
    if failure != nil { throw Interrupted() }
    return heard
  }
}
