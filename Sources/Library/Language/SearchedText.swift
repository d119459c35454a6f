import Language
import Patterns

/// A text in which matches of a pattern are looked for, and what they are as values. It is used while
/// its bytes are there.
final class SearchedText {
  /// The text in UTF-8.
  let bytes: UnsafeBufferPointer<UInt8>
  private let pattern: Pattern
  /// How many scalars there are before a byte: matches come from left to right.
  private var counted = (byte: 0, scalars: 0)

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ pattern: Pattern) {
    (self.bytes, self.pattern) = (bytes, pattern)
  }

  /// Calls `body` with each match until it returns false.
  func forEachMatch(_ body: (Pattern.Match) throws -> Bool) throws {
    try pattern.forEachMatch(in: bytes, body)
  }

  /// A part of the text.
  func part(_ range: Range<Int>) -> Value {
    Value(String(decoding: bytes[range], as: UTF8.self))
  }

  /// A match as a map of its text, its position and its groups.
  func value(of match: Pattern.Match) -> Value {
    let groups = match.groups.map { $0.map(part) ?? .nil }
    // Several groups may have one name: the one that took part counts.
    var named: [(name: String, value: Value)] = []
    for (name, group) in pattern.names where groups.indices.contains(group) {
      if let place = named.firstIndex(where: { $0.name == name }) {
        if case .nil = named[place].value { named[place].value = groups[group] }
      } else {
        named.append((name, groups[group]))
      }
    }
    return Value(named: [
      ("text", part(match.range)),
      ("start", .number(Double(scalars(before: match.range.lowerBound)))),
      ("groups", .list(List(groups))), ("named", Value(named: named.map { ($0.name, $0.value) })),
    ])
  }

  private func scalars(before byte: Int) -> Int {
    let new = bytes[counted.byte..<max(byte, counted.byte)].reduce(0) {
      $0 + ($1 & 0xC0 != 0x80 ? 1 : 0)
    }
    counted = (max(byte, counted.byte), counted.scalars + new)
    return counted.scalars
  }
}
