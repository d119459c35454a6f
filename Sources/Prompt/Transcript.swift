/// Text copied from a terminal, including prompts and results.
enum Transcript {
  /// The prompts of an entry's first line.
  private static let firsts = [PromptLoop.first, "> "]
  /// The prompts of its further lines.
  private static let nexts = [PromptLoop.next, "... ", "... ".trimmedEnd]

  /// Returns the entries in a text whose first line begins with a prompt. The prompts are removed,
  /// and lines without a prompt, which are results, are left out. Returns nil for any other text.
  static func entries(of text: String) -> [String]? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.first, code(first, after: firsts) != nil else { return nil }
    var entries: [String] = []
    for line in lines {
      if let code = code(line, after: firsts) {
        entries.append(code)
      } else if let code = code(line, after: nexts), !entries.isEmpty {
        entries[entries.count - 1] += "\n" + code
      }
    }
    return entries
  }

  /// Returns a further line of such an entry without its prompt, if it has one.
  static func continuation(_ line: String) -> String { code(line, after: nexts) ?? line }

  /// Returns the text that follows one of the prompts; nil if the line begins with none of them.
  private static func code(_ line: String, after prompts: [String]) -> String? {
    let start = line.drop { $0 == " " }
    for prompt in prompts {
      let mark = prompt.drop { $0 == " " }
      if start.hasPrefix(mark) { return String(start.dropFirst(mark.count)) }
    }
    return nil
  }
}

extension String {
  /// The text without trailing spaces, which terminals drop.
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
