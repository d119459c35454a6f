/// The text of a script, with the name that errors show for it.
public final class Source: @unchecked Sendable {
  /// The path as given by the user, or `<prompt 3>`, `<-e>`, `stdlib/train.lbk`.
  public let name: String
  /// The absolute path of the file's folder, to which `use "./x.lbk"` is relative; nil if there is
  /// none.
  public let folder: String?
  /// The text.
  public let text: String
  /// The text's UTF-8 bytes; spans index these.
  public let bytes: [UInt8]
  /// The offset of each line's first byte.
  public let lineStarts: [Int]

  /// A part whose lines are counted for themselves, such as a cell of a notebook.
  public struct Part: Sendable {
    /// What errors show in place of the source's name.
    public let name: String
    /// The offset of its first byte.
    public let start: Int
    /// Makes a part.
    public init(name: String, start: Int) { (self.name, self.start) = (name, start) }
  }
  /// Its parts in order; empty if its lines are counted from its beginning.
  public let parts: [Part]

  /// Makes a source.
  public init(name: String, text: String, folder: String? = nil, parts: [Part] = []) {
    self.name = name
    self.text = text
    self.folder = folder
    self.parts = parts
    bytes = Array(text.utf8)
    var starts = [0]
    for (i, byte) in bytes.enumerated() where byte == 10 { starts.append(i + 1) }
    lineStarts = starts
  }

  /// Line and column of a byte offset, both from 1; the column counts Unicode scalars.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    let end = min(offset, bytes.count)
    var column = 1
    for i in lineStarts[low]..<max(lineStarts[low], end) where bytes[i] & 0xC0 != 0x80 {
      column += 1
    }
    return (low + 1, column)
  }

  /// The name and the number that are shown for a line, counted from 1: those in its part, if it has one.
  public func shown(line: Int) -> (name: String, line: Int) {
    guard !parts.isEmpty, lineStarts.indices.contains(line - 1),
      let part = parts.last(where: { $0.start <= lineStarts[line - 1] })
    else { return (name, line) }
    return (part.name, line - position(of: part.start).line + 1)
  }

  /// The text of a span.
  public func text(in span: Span) -> String {
    let low = min(max(0, span.start), bytes.count)
    return String(decoding: bytes[low..<min(max(low, span.end), bytes.count)], as: UTF8.self)
  }
}

/// A range of a source, in UTF-8 bytes, end excluded.
public struct Span: Hashable, Sendable {
  /// The offset of the first byte.
  public var start: Int
  /// The offset after the last byte.
  public var end: Int
  /// Makes a span.
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }
  /// The smallest span that contains both.
  public func union(_ other: Span) -> Span { Span(min(start, other.start), max(end, other.end)) }
}
