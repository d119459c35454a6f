/// A text in as many lines as it needs within a width.
struct TextBlock {
  let lines: [String]
  let font: Canvas.Font
  /// The width of the widest line.
  let width: Double

  /// Makes a block of lines of at most `limit`. Lines end at spaces, after `-`, `_` and `/`, and,
  /// where a word is wider than a line, inside it. If it would take more than `most` lines, the last
  /// one ends with `…`.
  init(
    _ text: String, _ font: Canvas.Font, limit: Double, most: Int = .max, on canvas: Canvas
  ) {
    self.font = font
    var lines: [String] = []
    for paragraph in text.split(whereSeparator: \.isNewline) {
      lines += TextBlock.lines(of: paragraph, font, limit: limit, on: canvas)
    }
    if lines.count > most, most > 0 {
      var last = lines[most - 1]
      while !last.isEmpty, canvas.width(of: last + "…", font) > limit { last.removeLast() }
      lines = lines[..<(most - 1)] + [last + "…"]
    }
    self.lines = lines
    width = lines.map { canvas.width(of: $0, font) }.max() ?? 0
  }

  /// The distance between two baselines.
  var step: Double { (font.size * 1.3).rounded() }
  /// The height of all lines; 0 without text.
  var height: Double { step * Double(lines.count) }

  /// Draws it with its upper edge at `y`, aligned at `x`.
  func draw(
    x: Double, y: Double, _ colour: DrawnColour = .ink, anchor: Canvas.Anchor = .start,
    on canvas: Canvas
  ) {
    for (i, line) in lines.enumerated() {
      let base = y + step * Double(i) + font.size * 0.95
      canvas.text(line, at: Point(x: x, y: base), font, colour, anchor: anchor)
    }
  }

  /// Draws it upwards with the left edge of its first line at `x`, aligned at `y`.
  func drawTurned(
    x: Double, y: Double, _ colour: DrawnColour = .ink, anchor: Canvas.Anchor = .middle,
    on canvas: Canvas
  ) {
    for (i, line) in lines.enumerated() {
      let base = x + step * Double(i) + font.size * 0.95
      canvas.text(line, at: Point(x: base, y: y), font, colour, anchor: anchor, turned: true)
    }
  }

  /// The width of the widest part of a text that is not broken unless it has to be.
  static func widestWord(of text: String, _ font: Canvas.Font, on canvas: Canvas) -> Double {
    words(of: text[...]).map { canvas.width(of: $0.text, font) }.max() ?? 0
  }

  private static func lines(
    of text: Substring, _ font: Canvas.Font, limit: Double, on canvas: Canvas
  ) -> [String] {
    var lines: [String] = []
    for word in words(of: text) {
      if let last = lines.last, canvas.width(of: last + word.space + word.text, font) <= limit {
        lines[lines.count - 1] = last + word.space + word.text
      } else {
        lines += pieces(of: word.text, font, limit: limit, on: canvas)
      }
    }
    return lines
  }

  /// The parts between which a line may end, each with the space before it.
  private static func words(of text: Substring) -> [(space: String, text: String)] {
    var words: [(space: String, text: String)] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      var part = ""
      var space = " "
      for character in word {
        part.append(character)
        if "-_/".contains(character), part.count > 2 {
          words.append((space, part))
          (part, space) = ("", "")
        }
      }
      if !part.isEmpty { words.append((space, part)) }
    }
    return words
  }

  /// A word in pieces that fit, of at least one character each.
  private static func pieces(
    of word: String, _ font: Canvas.Font, limit: Double, on canvas: Canvas
  ) -> [String] {
    if canvas.width(of: word, font) <= limit { return [word] }
    var pieces = [""]
    for character in word {
      let longer = pieces[pieces.count - 1] + String(character)
      if longer.count > 1, canvas.width(of: longer, font) > limit {
        pieces.append(String(character))
      } else {
        pieces[pieces.count - 1] = longer
      }
    }
    return pieces
  }
}
