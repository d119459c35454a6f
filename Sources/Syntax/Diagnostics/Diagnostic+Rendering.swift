extension Diagnostic {
  /// The only textual form of errors and warnings: several lines, each ending with a newline.
  ///
  ///     error: matmul: inner sizes differ, 784 and 10
  ///       --> notebooks/quickstart.lbk:14:9
  ///        |
  ///     14 | let y = x @ w
  ///        |         ^^^^^ x is [32, 784], w is [10, 784]
  ///        = hint: x @ w.T multiplies [32, 784] by [784, 10]
  ///        = explain: limbeck explain shape
  ///
  /// Lines longer than `columns` are cut around the marked part.
  public func rendered(columns: Int = 100) -> String {
    var lines = ["\(severity.rawValue): \(DisplayLine.cleaned(message))"]
    var margin = 2
    if let place {
      let source = place.source
      let first = source.position(of: place.span.start).line
      let end = max(place.span.start, place.span.end - 1)
      let last = source.position(of: end).line
      margin = String(source.shown(line: last).line).count
      let gutter = String(repeating: " ", count: margin)
      lines.append("\(gutter)--> \(place.text)")
      lines.append("\(gutter) |")
      lines += snippet(place, first, last, margin, columns)
    } else if let label {
      lines.append("   = note: \(label)")
    }
    let indent = String(repeating: " ", count: margin + 1)
    for note in notes { lines.append("\(indent)= note: \(DisplayLine.cleaned(note))") }
    if let hint { lines.append("\(indent)= hint: \(DisplayLine.cleaned(hint))") }
    lines += Diagnostic.folded(traceback).map { indent + $0 }
    if severity == .error { lines.append("\(indent)= explain: limbeck explain \(kind)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The marked source lines: the first and the last one of a span over several lines.
  fileprivate func snippet(_ place: Place, _ first: Int, _ last: Int, _ margin: Int, _ columns: Int)
    -> [String]
  {
    let source = place.source
    let gutter = String(repeating: " ", count: margin)
    let room = max(20, columns - margin - 3)
    var lines: [String] = []
    for number in first == last ? [first] : [first, last] {
      if number == last, last > first + 1 { lines.append("\(gutter) ...") }
      let start = source.lineStarts[number - 1]
      let end = number < source.lineStarts.count ? source.lineStarts[number] : source.bytes.count
      let (excerpt, shift) = Diagnostic.excerpt(source, start, end, around: place.span.start)
      let line = DisplayLine(excerpt)
      let from = number == first ? place.span.start - shift : line.indentation
      let to = number == last ? place.span.end - shift : line.end
      let (text, marks) = line.marked(from, to, room: room)
      let numeral = String(source.shown(line: number).line)
      let padding = String(repeating: " ", count: max(0, margin - numeral.count))
      lines.append(text.isEmpty ? "\(padding)\(numeral) |" : "\(padding)\(numeral) | \(text)")
      let note = number == last ? label.map { " " + DisplayLine.cleaned($0) } ?? "" : ""
      lines.append("\(gutter) | \(marks)\(note)")
    }
    return lines
  }

  /// A line (if it is far longer than any terminal, only the part around an offset), and the offset
  /// that its first byte has in the source.
  private static func excerpt(_ source: Source, _ start: Int, _ end: Int, around offset: Int)
    -> (String, Int)
  {
    let reach = 2000
    guard end - start > 2 * reach else { return (source.text(in: Span(start, end)), start) }
    var low = max(start, min(offset, end) - reach)
    var high = min(end, max(offset, start) + reach)
    while low > start, source.bytes[low] & 0xC0 == 0x80 { low -= 1 }
    while high < end, source.bytes[high] & 0xC0 == 0x80 { high += 1 }
    let text = source.text(in: Span(low, high)) + (high < end ? "..." : "")
    return low > start ? ("..." + text, low - 3) : (text, low)
  }

  /// The lines of the traceback. Repetitions of one call, or of a sequence of up to four, are
  /// replaced by a count.
  static func folded(_ calls: [Frame]) -> [String] {
    var frames: [Frame] = []
    for call in calls {
      if let last = frames.last, same(last, call) {
        frames[frames.count - 1].count += call.count
      } else {
        frames.append(call)
      }
    }
    var lines: [String] = []
    var i = 0
    while i < frames.count {
      var (period, turns) = (1, 1)
      for candidate in 2...4 {
        var count = 1
        while i + (count + 1) * candidate <= frames.count,
          (0..<candidate).allSatisfy({
            same(frames[i + $0], frames[i + count * candidate + $0])
          })
        {
          count += 1
        }
        if count >= 3, count * candidate > turns * period { (period, turns) = (candidate, count) }
      }
      for frame in frames[i..<i + period] {
        lines.append(line(frame))
        if frame.count > 1 { lines.append("... \(frame.count - 1) more") }
      }
      if turns > 1 { lines.append("... \((turns - 1) * period) more") }
      i += period * turns
    }
    let shown = (first: 12, last: 8)
    if lines.count > shown.first + shown.last + 1 {
      let left = lines.count - shown.first - shown.last
      lines.replaceSubrange(shown.first..<lines.count - shown.last, with: ["... \(left) lines ..."])
    }
    return lines
  }

  private static func same(_ a: Frame, _ b: Frame) -> Bool {
    a.function == b.function && a.place?.source === b.place?.source
      && a.place?.span == b.place?.span
  }

  private static func line(_ frame: Frame) -> String {
    let function = frame.function ?? "a function"
    guard let place = frame.place else { return "in \(function), called by the library" }
    return "in \(function), called at \(place.text)"
  }
}

extension Place {
  /// The lines of the source with the place marked, as errors show them; each ends with a newline.
  public func excerpt(columns: Int) -> String {
    let first = line
    let last = source.position(of: max(span.start, span.end - 1)).line
    let margin = String(source.shown(line: last).line).count
    return Diagnostic("", "", at: self).snippet(self, first, last, margin, columns)
      .map { $0 + "\n" }.joined()
  }
}
