import Host
import TestSupport

@testable import Engine
@testable import Prompt

/// Lines from a list.
final class FakeLines: LineSource {
  /// What "comes": a line, or Ctrl-C.
  enum Event {
    case line(String)
    case interrupt
  }
  private var events: [Event]
  private(set) var prompts: [String] = []
  private(set) var remembered: [String] = []
  var completer: Completer?
  var isIncomplete: (String) -> Bool = { _ in false }

  init(_ events: [Event]) { self.events = events }
  convenience init(_ lines: [String]) { self.init(lines.map { .line($0) }) }

  func line(prompt: String) throws -> String? {
    prompts.append(prompt)
    if events.isEmpty { return nil }
    switch events.removeFirst() {
    case .line(let text): return text
    case .interrupt: throw Interrupted()
    }
  }
  func remember(_ entry: String) { remembered.append(entry) }
}

/// Echoes entries: one is complete when its brackets are closed.
final class FakeEvaluator: Evaluator {
  private(set) var ran: [String] = []
  var answer: (String) -> Outcome = { _ in .done("") }

  func isIncomplete(_ entry: String) -> Bool {
    entry.filter { "([{".contains($0) }.count > entry.filter { ")]}".contains($0) }.count
  }
  /// How often the entry that is answered is parked before it ends.
  var parks = 0
  func begin(entry: String) -> any RunningEntry {
    ran.append(entry)
    parks = 0
    return FakeRunning(answer(entry), parks: parks)
  }
  func begin(entryFrom path: String, options: [String]) -> any RunningEntry {
    ran.append("script \(([path] + options).joined(separator: " "))")
    return FakeRunning(.done(""), parks: 0)
  }
  var trainingPlace: String?
  var debuggedCall: String?
  func endDebugging() { debuggedCall = nil }

  var names: [String] { ["train", "g"] }
  func members(of path: [String]) -> [String] { [] }
  func parameters(of path: [String]) -> [String] { [] }
  func choices(of path: [String], parameter: String) -> [String] { [] }
  func keys(of path: [String]) -> [String] { [] }
  func classes(of names: [String]) -> [String] { [] }
  func signature(of path: [String]) -> String? { nil }
}

/// An entry that is parked some times and then ends.
final class FakeRunning: RunningEntry {
  private var outcome: Outcome
  private var parks: Int
  private var isParked = false
  let secondsParked = 0.0

  init(_ outcome: Outcome, parks: Int) { (self.outcome, self.parks) = (outcome, parks) }

  func wait(seconds: Double) -> Running.State {
    if !isParked, parks > 0 {
      parks -= 1
      isParked = true
    }
    return isParked ? .parked : .ended(outcome)
  }
  func resume() { isParked = false }
  func abandon() -> Outcome {
    (isParked, parks, outcome) = (false, 0, .interrupted)
    return outcome
  }
  func leave() {}
}

/// A host in memory that keeps what is written to it.
final class FakeHost: ForwardingHost {
  private let memory = MemoryHost()
  private(set) var out = ""
  private(set) var errors = ""

  init() { super.init(memory) }

  var files: [String: [UInt8]] {
    get { memory.files }
    set { memory.files = newValue }
  }
  var variables: [String: String] {
    get { memory.variables }
    set { memory.variables = newValue }
  }
  override func output(_ text: String) { out += text }
  override func report(_ text: String) { errors += text }
}
