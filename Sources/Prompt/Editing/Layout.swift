import CReadline

/// An entry that is being typed, divided into rows of the terminal.
struct Layout {
  /// The rows, with their escape sequences.
  private(set) var rows: [String] = [""]
  /// The row of the cursor.
  private(set) var cursorRow = 0
  /// The column of the cursor.
  private(set) var cursorColumn = 0

  private let columns: Int
  private var column = 0

  /// Divides a text whose first line has the prompt `first` and whose other lines have `next`. `cursor`
  /// is the position of the cursor in bytes, and `styles` has the style of each byte; without it,
  /// nothing is coloured.
  init(
    _ text: String, first: String, next: String, cursor: Int, columns: Int,
    styles: [Painter.Style]? = nil
  ) {
    self.columns = max(columns, 4)
    for scalar in first.unicodeScalars { add(String(scalar), Layout.width(of: scalar)) }
    var position = 0
    var style = Painter.Style.plain
    for scalar in text.unicodeScalars {
      if position == cursor { markCursor() }
      let wanted = styles?[position] ?? .plain
      if wanted != style || scalar == "\n" {
        if style != .plain { rows[rows.count - 1] += "\u{1B}[0m" }
        style = scalar == "\n" ? .plain : wanted
        if style != .plain { rows[rows.count - 1] += "\u{1B}[\(style.rawValue)m" }
      }
      if scalar == "\n" {
        breakRow()
        for scalar in next.unicodeScalars { add(String(scalar), Layout.width(of: scalar)) }
      } else {
        let shown = Layout.shown(scalar)
        if column + shown.width > self.columns {
          if style != .plain { rows[rows.count - 1] += "\u{1B}[0m" }
          breakRow()
          if style != .plain { rows[rows.count - 1] += "\u{1B}[\(style.rawValue)m" }
        }
        add(shown.text, shown.width)
      }
      position += UTF8.width(scalar)
    }
    if style != .plain { rows[rows.count - 1] += "\u{1B}[0m" }
    if position <= cursor { markCursor() }
  }

  private mutating func add(_ text: String, _ width: Int) {
    if column + width > columns { breakRow() }
    rows[rows.count - 1] += text
    column += width
  }

  private mutating func breakRow() {
    rows.append("")
    column = 0
  }

  /// The cursor stands at the next column; after a full row, that is in the next one.
  private mutating func markCursor() {
    if column >= columns { breakRow() }
    (cursorRow, cursorColumn) = (rows.count - 1, column)
  }

  /// The rows that fit a window of some height and contain the cursor.
  func window(height: Int) -> Range<Int> {
    let height = max(1, height)
    guard rows.count > height else { return 0..<rows.count }
    let top = min(max(0, cursorRow - height / 2), rows.count - height)
    return top..<top + height
  }

  /// What is drawn for a character, and how wide it is.
  private static func shown(_ scalar: Unicode.Scalar) -> (text: String, width: Int) {
    if scalar == "\t" { return ("    ", 4) }
    if scalar.value < 0x20 {
      return ("^" + String(UnicodeScalar(UInt8(scalar.value) + 0x40)), 2)
    }
    return (String(scalar), width(of: scalar))
  }

  /// The number of columns that a character takes.
  static func width(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x7F { return 1 }
    return max(0, Int(lbk_columns(Int32(scalar.value))))
  }
}
