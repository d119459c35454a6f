/// A span together with its source.
public struct Place: Sendable {
  /// The source.
  public let source: Source
  /// The span in the source.
  public let span: Span
  /// Makes a place.
  public init(_ source: Source, _ span: Span) {
    self.source = source
    self.span = span
  }

  /// `file:line:column`.
  public var text: String {
    let (line, column) = source.position(of: span.start)
    let shown = source.shown(line: line)
    return "\(shown.name):\(shown.line):\(column)"
  }
  /// `line:column`; all of `text` in a source that has parts.
  public var lineAndColumn: String {
    if !source.parts.isEmpty { return text }
    let (line, column) = source.position(of: span.start)
    return "\(line):\(column)"
  }
  /// The line on which it begins, counted from 1.
  public var line: Int { source.position(of: span.start).line }
}

extension Array where Element == Place {
  /// A note that lists all places except the first; empty if there is only one.
  public var alsoAt: [String] {
    if count < 2 { return [] }
    let shown = dropFirst().prefix(8).map(\.lineAndColumn).joined(separator: ", ")
    return ["also at \(shown)" + (count > 9 ? " and \(count - 9) more places" : "")]
  }
}
