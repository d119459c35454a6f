import Formats
import Host

/// The formulas of a text, `$x$` and `$$x$$`, which Markdown must not read. They become MathML, which
/// browsers show without a script, if blahtexml is installed, and stay as typed otherwise.
struct Mathematics {
  private struct Formula {
    let text: String
    let isBlock: Bool
  }

  private var formulas: [Formula] = []

  /// Characters of the private-use area, between which the number of a formula is put into the text.
  private static let marks = (open: Character("\u{E000}"), close: Character("\u{E001}"))

  /// Takes the formulas out of a text; a mark stays in the place of each. What is in code is left alone.
  mutating func taken(from text: String) -> String {
    var result = ""
    var rest = text[...]
    var isLineStart = true
    while let character = rest.first {
      if isLineStart, let fence = Mathematics.fence(rest) {
        result += fence
        rest = rest.dropFirst(fence.count)
        continue
      }
      isLineStart = character == "\n"
      if character == "\\" {
        result += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else if character == "`" {
        let span = Mathematics.code(rest)
        result += span
        rest = rest.dropFirst(span.count)
      } else if character == "$", let (formula, length) = Mathematics.formula(rest) {
        result += "\(Mathematics.marks.open)\(formulas.count)\(Mathematics.marks.close)"
        formulas.append(formula)
        rest = rest.dropFirst(length)
      } else {
        result.append(character)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// Returns the fenced block that a text begins with.
  private static func fence(_ text: Substring) -> Substring? {
    let mark = text.drop { $0 == " " }.prefix { $0 == "`" || $0 == "~" }
    guard mark.count >= 3, let first = mark.first, mark.allSatisfy({ $0 == first }) else {
      return nil
    }
    var end = text.firstIndex(of: "\n") ?? text.endIndex
    while end < text.endIndex {
      let line = text[text.index(after: end)...].prefix { $0 != "\n" }
      end = line.endIndex
      if line.trimmed.hasPrefix(mark), line.trimmed.allSatisfy({ $0 == first }) { break }
    }
    return text[..<end]
  }

  /// Returns the span of code that a text begins with, or its backquotes if they do not close.
  private static func code(_ text: Substring) -> Substring {
    let mark = text.prefix { $0 == "`" }
    var rest = text[mark.endIndex...]
    while let start = rest.firstIndex(of: "`") {
      let run = rest[start...].prefix { $0 == "`" }
      if run.count == mark.count { return text[..<run.endIndex] }
      rest = rest[run.endIndex...]
    }
    return mark
  }

  /// Returns the formula that a text begins with, and the length of what is read. An amount such as $5
  /// is not a formula.
  private static func formula(_ text: Substring) -> (Formula, Int)? {
    let mark = text.hasPrefix("$$") ? "$$" : "$"
    let inner = text.dropFirst(mark.count)
    var at = inner.startIndex
    while at < inner.endIndex {
      if inner[at] == "\\" {
        at = inner.index(at, offsetBy: 2, limitedBy: inner.endIndex) ?? inner.endIndex
        continue
      }
      if inner[at...].hasPrefix("\n\n") { return nil }
      if inner[at...].hasPrefix(mark) { break }
      at = inner.index(after: at)
    }
    guard at < inner.endIndex, at > inner.startIndex else { return nil }
    let body = inner[..<at]
    if mark == "$" {
      let next = inner[at...].dropFirst().first
      guard body.first?.isWhitespace == false, body.last?.isWhitespace == false,
        next?.isNumber != true
      else { return nil }
    }
    return (Formula(text: String(body), isBlock: mark == "$$"), body.count + 2 * mark.count)
  }

  /// Puts the formulas back into the HTML of the text.
  func put(into html: String, host: any Host) -> String {
    guard !formulas.isEmpty else { return html }
    let converted = mathML(host)
    var result = ""
    var rest = html[...]
    while let open = rest.firstIndex(of: Mathematics.marks.open),
      let close = rest[open...].firstIndex(of: Mathematics.marks.close)
    {
      result += rest[..<open]
      if let number = Int(rest[rest.index(after: open)..<close]), formulas.indices.contains(number)
      {
        result += element(number, converted)
      }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private func element(_ number: Int, _ converted: [String?]) -> String {
    let formula = formulas[number]
    let typed = HTML.escaped(formula.isBlock ? "$$\(formula.text)$$" : "$\(formula.text)$")
    guard number < converted.count, let markup = converted[number] else {
      return "<span class=\"typed\">\(typed)</span>"
    }
    let display = formula.isBlock ? "block" : "inline"
    return "<math display=\"\(display)\" alttext=\"\(typed)\">\(markup)</math>"
  }

  /// Returns the content of a `math` element for each formula; nil for one that cannot be converted.
  private func mathML(_ host: any Host) -> [String?] {
    let program = """
      command -v blahtexml >/dev/null || exit 1
      while [ $# -gt 0 ]; do
        printf '%s' "$2" | blahtexml --mathml --mathml-version-1-fonts $1
        shift 2
      done
      true
      """
    let all = host.output(
      ofProgram: ["sh", "-c", program, "sh"]
        + formulas.flatMap { [$0.isBlock ? "--displaymath" : "", $0.text] })
    let end = "</blahtex>"
    var rest = (all ?? "")[...]
    var found: [String?] = []
    while let range = rest.firstRange(of: end) {
      let one = rest[..<range.lowerBound]
      let open = one.firstRange(of: "<markup>")
      let close = one.firstRange(of: "</markup>")
      if let open, let close, open.upperBound < close.lowerBound {
        found.append(one[open.upperBound..<close.lowerBound].trimmed)
      } else {
        found.append(nil)
      }
      rest = rest[range.upperBound...]
    }
    return found
  }
}
