import Host

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
  func run(entry: String) -> Outcome {
    ran.append(entry)
    return answer(entry)
  }
  func run(entryFrom path: String, options: [String]) -> Outcome {
    ran.append("script \(([path] + options).joined(separator: " "))")
    return .done("")
  }
  func isCommand(_ name: String) -> Bool { ["vars", "help", "quit"].contains(name) }

  var names: [String] { ["train", "g"] }
  func members(of path: [String]) -> [String] { [] }
  func parameters(of path: [String]) -> [String] { [] }
  func choices(of path: [String], parameter: String) -> [String] { [] }
}

/// A host in memory.
final class FakeHost: Host {
  var files: [String: [UInt8]] = [:]
  private(set) var out = ""
  private(set) var errors = ""
  var variables: [String: String] = [:]

  func read(_ path: String) throws -> [UInt8] {
    guard let bytes = files[path] else {
      throw Failure("file-missing", "read: there is no \(path)")
    }
    return bytes
  }
  func read(_ path: String, first count: Int) throws -> [UInt8] {
    Array(try read(path).prefix(count))
  }
  func list(_ path: String) throws -> [String] {
    let prefix = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
    return Set(
      files.keys.filter { $0.hasPrefix(prefix) }
        .map { String($0.dropFirst(prefix.count).prefix { $0 != "/" }) }
    ).sorted()
  }
  func kind(of path: String) -> FileKind? {
    files[path] != nil ? .file : files.keys.contains { $0.hasPrefix(path + "/") } ? .folder : nil
  }
  func write(_ bytes: [UInt8], to path: String) throws { files[path] = bytes }
  func makeFolder(_ path: String) throws {}
  var workingFolder: String { "/work" }
  func environment(_ name: String) -> String? { variables[name] }
  func output(_ text: String) { out += text }
  func report(_ text: String) { errors += text }
  var outputIsTerminal: Bool { false }
  var reportIsTerminal: Bool { false }
  var columns: Int { 80 }
  func show(rgb: [UInt8], width: Int, height: Int) -> Bool { false }
  func clock() -> Double { 0 }
  func timestamp() -> String { "2026-11-22T23-39-37" }
}
