import Engine
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
  /// The content of a `math` element for each formula; nil for one that cannot be converted.
  private var converted: [String?] = []

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

  /// Puts the formulas back into the HTML of a text.
  func put(into html: String) -> String {
    var result = ""
    var rest = html[...]
    while let open = rest.firstIndex(of: Mathematics.marks.open),
      let close = rest[open...].firstIndex(of: Mathematics.marks.close)
    {
      result += rest[..<open]
      if let number = Int(rest[rest.index(after: open)..<close]), formulas.indices.contains(number)
      {
        result += element(number)
      }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private func element(_ number: Int) -> String {
    let formula = formulas[number]
    let typed = HTML.escaped(formula.isBlock ? "$$\(formula.text)$$" : "$\(formula.text)$")
    guard number < converted.count, let markup = converted[number] else {
      return "<span class=\"typed\">\(typed)</span>"
    }
    let display = formula.isBlock ? "block" : "inline"
    return "<math display=\"\(display)\" alttext=\"\(typed)\">\(markup)</math>"
  }

  /// Converts all formulas that have been taken, in one call of blahtexml. A formula that it does not know
  /// does not hinder the others.
  mutating func convert(on host: any Host) {
    guard !formulas.isEmpty else { return }
    let elements = formulas.map { formula in
      let text = HTML.escaped(String(formula.text.map { $0.isWhitespace ? " " : $0 }))
      return "<formula b:\(formula.isBlock ? "block" : "inline")=\"\(text)\"/>"
    }
    let program = """
      command -v blahtexml >/dev/null || exit 1
      printf '%s' "$@" | blahtexml --xmlin --mathml-version-1-fonts
      true
      """
    let all = host.output(
      ofProgram: ["sh", "-c", program, "sh", "<all xmlns:b=\"http://gva.noekeon.org/blahtexml\">"]
        + elements + ["</all>"])
    converted = (all ?? "").split(separator: "</formula>").map { element in
      guard let open = element.firstRange(of: "<math "),
        let inner = element[open.upperBound...].firstIndex(of: ">"),
        let close = element.firstRange(of: "</math>"), inner < close.lowerBound
      else { return nil }
      return String(element[element.index(after: inner)..<close.lowerBound])
    }
  }
}
