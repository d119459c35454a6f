/// A line of source as a terminal shows it, with tabs and wide characters measured.
struct DisplayLine {
  /// The text that is shown for one scalar, and the byte at which the scalar begins.
  struct Cell {
    let text: String
    let width: Int
    let offset: Int
  }
  private(set) var cells: [Cell] = []
  /// The offset after the last byte shown.
  private(set) var end = 0
  /// The offset of the first byte that is not white space.
  private(set) var indentation = 0

  init(_ line: String) {
    var column = 0
    var isIndented = true
    for scalar in line.unicodeScalars where scalar != "\n" && scalar != "\r" {
      let (text, width) = DisplayLine.shown(scalar, at: column)
      cells.append(Cell(text: text, width: width, offset: end))
      column += width
      end += UTF8.width(scalar)
      if isIndented, scalar == " " || scalar == "\t" {
        indentation = end
      } else {
        isIndented = false
      }
    }
  }

  /// The text that represents a scalar: spaces for a tab, a picture for a control character.
  static func shown(_ scalar: Unicode.Scalar, at column: Int) -> (String, Int) {
    switch scalar.value {
    case 9:
      let width = 4 - column % 4
      return (String(repeating: " ", count: width), width)
    case 0..<0x20: return (Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? "?", 1)
    case 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: return ("\u{FFFD}", 1)
    default: return (String(scalar), DisplayWidth.of(scalar))
    }
  }

  /// A message without anything that could move the terminal's cursor; line ends become spaces.
  static func cleaned(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        result += " "
      } else {
        result += shown(scalar, at: 0).0
      }
    }
    return result
  }

  /// The line and the marks under the bytes `from..<to` (one mark at least), both cut to `room`
  /// columns around the marks.
  func marked(_ from: Int, _ to: Int, room: Int) -> (text: String, marks: String) {
    var column = 0
    var low: Int?
    var high = 0
    for cell in cells {
      if cell.offset >= from, cell.offset < max(to, from + 1) {
        if low == nil { low = column }
        high = column + cell.width
      }
      column += cell.width
    }
    let total = column
    let start = low ?? total
    high = max(high, start + 1)
    if total <= room { return (text(0, total), marks(start, high)) }
    // Show the start of the marked part, and before it a third of the room.
    let left = high <= room - 3 ? 0 : max(0, min(start - room / 3, total - room + 3))
    let head = left > 0 ? "..." : ""
    let inside = room - head.count - 3
    let right = min(total, left + inside)
    let tail = right < total ? "..." : ""
    let shift = head.count - left
    return (
      head + text(left, right) + tail,
      marks(start + shift, max(start + 1, min(high, right)) + shift)
    )
  }

  private func text(_ low: Int, _ high: Int) -> String {
    var result = ""
    var column = 0
    for cell in cells {
      if column >= low, column + cell.width <= high {
        result += cell.text
      } else if column < high, column + cell.width > low {
        // Half of a wide character at the cut: a space keeps the columns aligned.
        result += String(repeating: " ", count: min(high, column + cell.width) - max(low, column))
      }
      column += cell.width
    }
    while result.last == " " { result.removeLast() }
    return result
  }

  private func marks(_ low: Int, _ high: Int) -> String {
    String(repeating: " ", count: low) + String(repeating: "^", count: high - low)
  }
}
