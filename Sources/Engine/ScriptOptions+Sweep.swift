import Host
import Language

extension ScriptOptions {
  /// The most points that a sweep may have.
  static let mostPoints = 100_000

  /// Returns all combinations of the values that words give: lists as in `--lambda 10,50,200`, ranges as in
  /// `--seed 0..3`, which is 0, 1, 2 as in the language, or single values. The last option varies fastest.
  /// Throws `option`.
  func combinations(_ words: [String]) throws -> [[(name: String, value: Value)]] {
    var all: [[(name: String, value: Value)]] = [[]]
    for (option, text) in try given(words) {
      let values = try text.map { try self.values($0, of: option) } ?? [.bool(true)]
      guard all.count * values.count <= ScriptOptions.mostPoints else {
        throw Failure("option", "the sweep has more than \(ScriptOptions.mostPoints) points")
      }
      all = all.flatMap { point in values.map { point + [(option.name, $0)] } }
    }
    return all
  }

  /// The values of one option.
  private func values(_ text: String, of option: ScriptOption) throws -> [Value] {
    var values: [Value] = []
    var seen: Set<String> = []
    for item in ScriptOptions.items(text) {
      for value in try range(item, of: option) ?? [value(item, for: option)] {
        guard seen.insert(value.printed).inserted else {
          throw Failure("option", "--\(option.name) has the value \(value.brief) twice")
        }
        values.append(value)
      }
    }
    return values
  }

  /// The numbers of a range; nil for anything else.
  private func range(_ text: String, of option: ScriptOption) throws -> [Value]? {
    guard case .number = option.fallback, let dots = text.firstRange(of: "..") else { return nil }
    let (first, last) = (Int(text[..<dots.lowerBound]), Int(text[dots.upperBound...]))
    guard let first, let last, first < last,
      !last.subtractingReportingOverflow(first).overflow, last - first <= ScriptOptions.mostPoints
    else {
      throw Failure(
        "option", "--\(option.name) must be a range of whole numbers such as 0..3, got \"\(text)\"",
        hint: "0..3 is 0, 1, 2: the last number must be larger than the first")
    }
    return (first..<last).map { .number(Double($0)) }
  }

  /// The items of a list: a comma separates them, unless a backslash is before it.
  private static func items(_ text: String) -> [String] {
    var items = [""]
    var isEscaped = false
    for letter in text {
      if letter == "\\", !isEscaped {
        isEscaped = true
        continue
      }
      if letter == ",", !isEscaped {
        items.append("")
      } else {
        if isEscaped, letter != "," { items[items.count - 1].append("\\") }
        items[items.count - 1].append(letter)
      }
      isEscaped = false
    }
    if isEscaped { items[items.count - 1].append("\\") }
    return items
  }
}
