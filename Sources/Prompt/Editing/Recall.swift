/// The arrow keys' way through the history: up goes to earlier entries that begin with what is typed
/// before the cursor, down comes back.
struct Recall {
  private var entries: [String] = []
  /// What was typed when the search began, and the beginning that is searched.
  private var draft = ""
  private var prefix = ""
  private var place = 0
  /// What was shown last; the search begins anew when it has been changed.
  private var shown: String?

  /// The latest entry.
  var last: String? { entries.last }
  /// Whether a text is what was shown last.
  func isShowing(_ text: String) -> Bool { shown == text }

  /// Adds an entry.
  mutating func add(_ entry: String) { if entry != entries.last { entries.append(entry) } }

  /// Forgets the search, for a new line.
  mutating func reset() { shown = nil }

  /// The entry before or after the one that is shown; nil if there is none.
  mutating func next(_ text: String, typed: String, isUp: Bool) -> String? {
    if shown != text { (draft, prefix, place) = (text, typed, entries.count) }
    let places =
      isUp ? Array((0..<place).reversed()) : Array(min(place + 1, entries.count)..<entries.count)
    if let found = places.first(where: { entries[$0].hasPrefix(prefix) && entries[$0] != text }) {
      place = found
      shown = entries[found]
      return shown
    }
    guard !isUp, place < entries.count else { return nil }
    place = entries.count
    shown = draft
    return draft
  }
}
