import Glibc

/// A search for library functions by the terms of the field.
struct Apropos {
  /// An item with a name that can be found.
  struct Entry {
    /// The full name: `resize`, `saliency.tau`, `dataset.boxes`.
    let name: String
    /// The first sentence of its help.
    let summary: String
    /// All of its help, with a zero at its end: the name with the search terms, the first sentence, the
    /// rest; and where each of these parts ends.
    private var text: [CChar] = []
    private var ends: [Int] = []

    init(name: String, summary: String, terms: String, text: String) {
      self.name = name
      self.summary = summary
      for part in ["\(name) \(terms)", summary, text] {
        self.text += (Apropos.folded(part) + " ").utf8CString.dropLast()
        ends.append(self.text.count)
      }
      self.text.append(0)
    }

    /// The number of the first part up to whose end all words are found; nil if one is not found.
    func rank(_ words: [String]) -> Int? {
      text.withUnsafeBufferPointer { text in
        guard let start = text.baseAddress else { return nil }
        var rank = 0
        for word in words {
          guard let place = strstr(start, word) else { return nil }
          let end = place - UnsafeMutablePointer(mutating: start) + word.utf8.count
          rank = max(rank, ends.firstIndex { end <= $0 } ?? 0)
        }
        return rank
      }
    }
  }

  private let entries: [Entry]

  /// Makes a search among items.
  init(_ entries: [Entry]) { self.entries = entries }

  /// Returns the items whose help contains all words of a text: first those with the words in the
  /// name or the search terms, then those with the words in the first sentence, then the others,
  /// each group sorted by name.
  func found(_ text: String) -> [(name: String, summary: String)] {
    let words = Apropos.folded(text).split { $0 == " " || $0 == "\0" }.map(String.init)
    guard !words.isEmpty else { return [] }
    return entries.compactMap { entry in entry.rank(words).map { ($0, entry) } }
      .sorted { ($0.0, $0.1.name) < ($1.0, $1.1.name) }
      .map { ($0.1.name, $0.1.summary) }
  }

  /// Returns a text in lower case, with British and American spellings made equal.
  fileprivate static func folded(_ text: String) -> String {
    var folded = text.lowercased()
    for (british, american) in [
      ("isation", "ization"), ("ise", "ize"), ("our", "or"), ("grey", "gray"), ("centre", "center"),
      ("_", " "), ("-", " "),
    ] {
      folded = folded.replacing(british, with: american)
    }
    return folded
  }
}
