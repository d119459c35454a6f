import Syntax

/// Indents the lines of an entry while it is typed.
enum Indentation {
  /// One level.
  static let step = "  "

  /// The indentation of a new line that follows a text: that of its last line, and one level more if
  /// that line leaves a bracket open.
  static func after(_ text: String) -> String {
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let indent = String(line.prefix { $0 == " " || $0 == "\t" })
    var depth = 0
    for token in Lexer.tokens(of: Source(name: "", text: String(line))) {
      guard case .symbol(let symbol) = token.kind else { continue }
      switch symbol {
      case .leftParen, .leftBracket, .leftBrace: depth += 1
      // One that closes what an earlier line opened does not count.
      case .rightParen, .rightBracket, .rightBrace: depth = max(0, depth - 1)
      default: break
      }
    }
    return depth > 0 ? indent + step : indent
  }

  /// How many of the spaces before the cursor a closing bracket removes, if the line has nothing else.
  static func removedByClosing(_ text: String) -> Int {
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    guard text.contains("\n"), line.count >= step.count, line.allSatisfy({ $0 == " " }) else {
      return 0
    }
    return step.count
  }
}
