import Language
import Syntax

/// The calls of an entry that is parked or that an error has ended, one of which is selected. Entries are
/// evaluated where that call stands.
final class Debugger {
  /// What is parked; nil if an error has ended it.
  let running: Running?
  /// The calls, innermost first.
  let frames: [Frame]
  /// The index of the selected call.
  private(set) var selected: Int
  /// What entries have declared, by the index of the call for which they were.
  private var additions: [Int: [(name: String, value: Value)]] = [:]

  /// Opens on calls; nil if there is none. The innermost call that is not stdlib's is selected.
  init?(_ running: Running?, _ frames: [Frame]) {
    if frames.isEmpty { return nil }
    self.running = running
    self.frames = frames
    selected = frames.firstIndex { !$0.isStdlib } ?? 0
  }

  /// The selected call.
  var frame: Frame { frames[selected] }

  /// What entries have declared for the selected call.
  var added: [(name: String, value: Value)] {
    get { additions[selected] ?? [] }
    set { additions[selected] = newValue }
  }

  /// The variables that entries see, apart from the globals of the file; a value is nil if it was
  /// released.
  var variables: [(name: String, value: Value?)] {
    let added = added
    return frame.variables.filter { variable in !added.contains { $0.name == variable.name } }
      .map { ($0.name, $0.value) } + added.map { ($0.name, $0.value) }
  }

  /// What can be entered instead of code.
  enum Command: String, CaseIterable {
    /// Lists the calls.
    case frames
    /// Selects the caller.
    case up
    /// Selects the call that the selected one has made.
    case down
  }

  /// Does what a command says, and gives the text to show.
  func perform(_ command: Command, columns: Int) -> String {
    switch command {
    case .frames: return list
    case .up where selected + 1 == frames.count: return "this is the outermost call\n"
    case .down where selected == 0: return "this is the innermost call\n"
    case .up: selected += 1
    case .down: selected -= 1
    }
    return position(columns: columns)
  }

  /// The selected call with its line.
  func position(columns: Int) -> String {
    title(of: frame) + "\n" + frame.place.excerpt(columns: columns)
  }

  private var list: String {
    frames.indices.map { i in
      "\(i == selected ? "→" : " ") \(i)  \(title(of: frames[i]))\n"
    }.joined()
  }

  private func title(of frame: Frame) -> String {
    let name = frame.isTopLevel ? "the top level" : frame.function ?? "a short function"
    return "\(name) at \(frame.place.text)"
  }
}
