import Engine
import Host

/// The requests that wait for the thread that answers them. A request of a subshell goes first: an entry
/// that runs is parked meanwhile, so that nothing reads values while they change.
final class Requests {
  private struct State {
    var waiting: [Message] = []
    var subshells: [String] = []
    var made = 0
    var running: Running?
    var isOver = false
  }

  private let state = Monitor(State())

  /// Adds a request.
  func add(_ request: Message) {
    let running = state.change { state -> Running? in
      state.waiting.append(request)
      return request.subshell == nil ? nil : state.running
    }
    running?.requestPark()
  }

  /// Waits for a request and takes it; nil after `end`.
  func next() -> Message? {
    state.wait { state -> Message?? in
      if state.isOver { return .some(nil) }
      guard !state.waiting.isEmpty else { return nil }
      let first = state.waiting.firstIndex { $0.subshell != nil } ?? 0
      return .some(state.waiting.remove(at: first))
    }
  }

  /// Takes a request of a subshell, if one waits.
  private func nextOfSubshell() -> Message? {
    state.withLock { state in
      state.waiting.firstIndex { $0.subshell != nil }.map { state.waiting.remove(at: $0) }
    }
  }

  /// Takes the entries of the shell itself that wait.
  func takeEntries() -> [Message] {
    state.withLock { state in
      let isEntry = { (request: Message) in
        request.type == "execute_request" && request.subshell == nil
      }
      defer { state.waiting.removeAll(where: isEntry) }
      return state.waiting.filter(isEntry)
    }
  }

  /// Waits for an entry to end, and calls `answer` for each request of a subshell that arrives.
  func finish(_ running: Running, _ answer: (Message) -> Void) -> Outcome {
    let before = state.withLock { state in
      defer { state.running = running }
      return state.running
    }
    defer { state.withLock { $0.running = before } }
    while true {
      // The request to stop may have been taken for one of an earlier entry.
      if state.withLock({ $0.isOver }) { return running.abandon() }
      // One may have arrived before the entry was known, or while the last was answered.
      if state.withLock({ $0.waiting.contains { $0.subshell != nil } }) { running.requestPark() }
      if let outcome = running.wait() { return outcome }
      while let request = nextOfSubshell() { answer(request) }
      running.resume()
    }
  }

  /// Lets `next` return nil.
  func end() { state.change { $0.isOver = true } }

  // MARK: Subshells

  /// The names of the subshells.
  var subshells: [String] { state.withLock { $0.subshells } }

  /// Makes a subshell and returns its name.
  func makeSubshell() -> String {
    state.withLock { state in
      state.made += 1
      state.subshells.append("subshell-\(state.made)")
      return "subshell-\(state.made)"
    }
  }

  /// Removes a subshell; returns whether it existed.
  func removeSubshell(_ name: String) -> Bool {
    state.withLock { state in
      let count = state.subshells.count
      state.subshells.removeAll { $0 == name }
      return state.subshells.count < count
    }
  }
}
