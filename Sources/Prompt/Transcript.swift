/// What was copied from a terminal, prompts and results with it.
enum Transcript {
  /// What an entry begins with there.
  private static let firsts = [PromptLoop.first, "> "]
  /// What its further lines begin with.
  private static let nexts = [PromptLoop.next, "... ", "... ".trimmedEnd]

  /// The entries in a text whose first line begins with a prompt, without their prompts; lines without
  /// one are results and left out. nil for any other text.
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

  /// A further line of such an entry, without its prompt if it has one.
  static func continuation(_ line: String) -> String { code(line, after: nexts) ?? line }

  /// What follows one of some prompts; nil where a line begins with none of them.
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
  /// Without the spaces at its end, which terminals cut off.
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
