import CReadline
import Glibc
import Host

/// Draws the entry that is being typed, in place of readline, which shows one colour and a single
/// line well; and the keys that concern its lines. What the keys do otherwise is readline's.
enum EntryEditor {
  // SAFETY: readline exists once per process, and its callbacks carry no context. All of this is used
  // only by the main thread.
  nonisolated(unsafe) static var recall = Recall()
  nonisolated(unsafe) private static var isInstalled = false
  nonisolated(unsafe) private static var isColoured = false
  nonisolated(unsafe) private static var isIncomplete: (String) -> Bool = { _ in false }
  /// The row of the cursor among the drawn ones, and their number.
  nonisolated(unsafe) private static var row = 0
  nonisolated(unsafe) private static var rowCount = 0
  /// Whether the screen does not show the entry as it is.
  nonisolated(unsafe) private static var isStale = false

  /// Takes over the drawing and the keys.
  static func install(isColoured: Bool) {
    self.isColoured = isColoured
    isInstalled = true
    initializeReadline()
    rl_redisplay_function = { EntryEditor.isStale = true }
    rl_completion_display_matches_hook = { matches, count, _ in
      EntryEditor.list(
        (1..<max(1, Int(count) + 1)).compactMap { matches?[$0].map { String(cString: $0) } })
    }
    for key: Int32 in [10, 13] { rl_bind_key(key) { _, _ in EntryEditor.enter() } }
    rl_bind_keyseq("\\e\r") { _, _ in EntryEditor.breakLine() }
    rl_bind_key(9) { count, key in EntryEditor.tab(count, key) }
    rl_bind_key(12) { _, _ in EntryEditor.clearScreen() }
    for bracket in ")]}".unicodeScalars {
      rl_bind_key(Int32(bracket.value)) { count, key in EntryEditor.close(count, key) }
    }
    for sequence in ["\\C-a", "\\e[H", "\\eOH", "\\e[1~"] {
      rl_bind_keyseq(sequence) { _, _ in EntryEditor.moveInLine(toEnd: false) }
    }
    for sequence in ["\\C-e", "\\e[F", "\\eOF", "\\e[4~"] {
      rl_bind_keyseq(sequence) { _, _ in EntryEditor.moveInLine(toEnd: true) }
    }
    rl_bind_key(11) { _, _ in EntryEditor.killLine() }
    for sequence in ["\\e[A", "\\eOA", "\\C-p"] {
      rl_bind_keyseq(sequence) { _, _ in EntryEditor.move(isUp: true) }
    }
    for sequence in ["\\e[B", "\\eOB", "\\C-n"] {
      rl_bind_keyseq(sequence) { _, _ in EntryEditor.move(isUp: false) }
    }
  }

  /// Makes readline allocate what its own drawing would need, which some of its functions look at.
  private static func initializeReadline() {
    rl_initialize()
    guard let nowhere = fopen("/dev/null", "w") else { return }
    let stream = rl_outstream
    rl_outstream = nowhere
    rl_set_prompt("")
    rl_redisplay()
    rl_outstream = stream
    fclose(nowhere)
  }

  /// Begins a new entry on a free line.
  static func begin(isIncomplete: @escaping (String) -> Bool) {
    self.isIncomplete = isIncomplete
    recall.reset()
    (row, rowCount) = (0, 0)
  }

  // MARK: Drawing

  private static var text: String { ReadlineSource.lineBuffer(upTo: Int(rl_end)) }
  private static var typed: String { ReadlineSource.lineBuffer(upTo: Int(rl_point)) }

  /// Draws the entry if it has changed, unless more keys are waiting.
  static func drawIfNeeded() {
    guard isInstalled, isStale else { return }
    var input = pollfd(fd: fileno(rl_instream), events: Int16(POLLIN), revents: 0)
    if poll(&input, 1, 0) == 0 { draw(isWhole: false) }
  }

  /// Draws the entry: the part around the cursor that fits the screen, or all of it, with the cursor
  /// at its end.
  private static func draw(isWhole: Bool) {
    isStale = false
    let text = self.text
    let cursor = isWhole ? text.utf8.count : typed.utf8.count
    var (rows, columns) = (Int32(0), Int32(0))
    rl_get_screen_size(&rows, &columns)
    let prompt = rl_display_prompt.map { String(cString: $0) } ?? ""
    let layout = Layout(
      text, first: prompt, next: PromptLoop.next, cursor: cursor, columns: Int(columns),
      styles: isColoured ? Painter(text, cursor: isWhole ? -2 : cursor).styles : nil)
    let window = isWhole ? 0..<layout.rows.count : layout.window(height: Int(rows))
    var output = row > 0 ? "\u{1B}[\(row)A" : ""
    output += "\r\u{1B}[J" + layout.rows[window].joined(separator: "\r\n")
    row = layout.cursorRow - window.lowerBound
    rowCount = window.count
    if row < rowCount - 1 { output += "\u{1B}[\(rowCount - 1 - row)A" }
    output += "\r" + (layout.cursorColumn > 0 ? "\u{1B}[\(layout.cursorColumn)C" : "")
    fputs(output, rl_outstream)
    fflush(rl_outstream)
  }

  /// Moves the cursor behind the last row.
  static func leave() {
    guard isInstalled else { return }
    if isStale { draw(isWhole: false) }
    if row < rowCount - 1 { fputs("\u{1B}[\(rowCount - 1 - row)B", rl_outstream) }
    row = rowCount - 1
  }

  /// Lists what the typed word may be completed to, below the entry, which is then drawn again.
  private static func list(_ candidates: [String]) {
    let most = 120
    leave()
    var (rows, columns) = (Int32(0), Int32(0))
    rl_get_screen_size(&rows, &columns)
    var lines = ReadlineSource.signature.map { Columns.wrapped($0, width: Int(columns)) } ?? []
    lines += Columns.lines(of: candidates.prefix(most).map(shortened), width: Int(columns))
    if candidates.count > most { lines.append("and \(candidates.count - most) more") }
    fputs("\r\n" + lines.joined(separator: "\r\n") + "\r\n", rl_outstream)
    (row, rowCount) = (0, 0)
    isStale = true
  }

  /// Of a path, its last part.
  private static func shortened(_ candidate: String) -> String {
    let parts = candidate.split(separator: "/")
    guard parts.count > 1, let last = parts.last else { return candidate }
    return last + (candidate.hasSuffix("/") ? "/" : "")
  }

  // MARK: Keys

  /// Enter: runs the entry if it is complete, and else begins another line. Two blank lines at its end
  /// complete it in any case.
  private static func enter() -> Int32 {
    let text = self.text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let isGivenUp = lines.count > 2 && lines.suffix(2).allSatisfy { $0.allSatisfy(\.isWhitespace) }
    if !isGivenUp, isIncomplete(text) {
      // What follows the cursor is another line already.
      if rl_point < rl_end, text.contains("\n") { rl_point = rl_end }
      return breakLine()
    }
    draw(isWhole: true)
    fputs("\r\n", rl_outstream)
    fflush(rl_outstream)
    rl_done = 1
    return 0
  }

  private static func breakLine() -> Int32 {
    rl_insert_text("\n" + Indentation.after(typed))
    return 0
  }

  private static func tab(_ count: Int32, _ key: Int32) -> Int32 {
    let line = typed.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    guard line.allSatisfy(\.isWhitespace), rl_end > 0 else { return rl_complete(count, key) }
    rl_insert_text(Indentation.step)
    return 0
  }

  private static func close(_ count: Int32, _ key: Int32) -> Int32 {
    let removed = min(Int32(Indentation.removedByClosing(typed)), rl_point)
    if removed > 0 { rl_delete_text(rl_point - removed, rl_point); rl_point -= removed }
    return rl_insert(count, key)
  }

  private static func clearScreen() -> Int32 {
    fputs("\u{1B}[H\u{1B}[2J", rl_outstream)
    (row, rowCount) = (0, 0)
    isStale = true
    return 0
  }

  /// Goes to the line above or below, or from the first and the last one through the history.
  private static func move(isUp: Bool) -> Int32 {
    let (text, typed) = (self.text, self.typed)
    let isRecalling = recall.isShowing(text) && rl_point == rl_end
    if !isRecalling, isUp ? lineStart > 0 : lineEnd < bytes.count { return moveLine(isUp: isUp) }
    guard let entry = recall.next(text, typed: typed, isUp: isUp) else { return rl_ding() }
    rl_replace_line(entry, 0)
    rl_point = rl_end
    return 0
  }

  // What is pasted may not be UTF-8, and its text then has other bytes than readline's buffer, so
  // positions are counted in the buffer.

  private static var bytes: [UInt8] {
    guard let buffer = rl_line_buffer else { return [] }
    // SAFETY: readline keeps `rl_end` bytes in its buffer.
    return Array(UnsafeRawBufferPointer(start: buffer, count: Int(rl_end)))
  }

  /// The position at which the cursor's line begins.
  private static var lineStart: Int {
    bytes.prefix(Int(rl_point)).lastIndex(of: newline).map { $0 + 1 } ?? 0
  }

  /// The position behind the cursor's line.
  private static var lineEnd: Int {
    bytes.dropFirst(Int(rl_point)).firstIndex(of: newline) ?? Int(rl_end)
  }

  private static let newline = UInt8(ascii: "\n")

  /// Goes to the beginning or the end of the line.
  private static func moveInLine(toEnd: Bool) -> Int32 {
    rl_point = Int32(toEnd ? lineEnd : lineStart)
    return 0
  }

  /// Removes what is behind the cursor in its line, or the newline at its end; Ctrl-Y inserts it.
  private static func killLine() -> Int32 {
    let (end, point) = (Int32(lineEnd), rl_point)
    rl_kill_text(point, end > point ? end : min(point + 1, rl_end))
    return 0
  }

  /// Goes to the line above or below, which exists, and there to the same column.
  private static func moveLine(isUp: Bool) -> Int32 {
    let bytes = bytes
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    let column = text(lineStart..<Int(rl_point)).count
    let from =
      isUp
      ? bytes.prefix(lineStart - 1).lastIndex(of: newline).map { $0 + 1 } ?? 0 : lineEnd + 1
    let end = bytes[from...].firstIndex(of: newline) ?? bytes.count
    rl_point = Int32(min(from + text(from..<end).prefix(column).utf8.count, end))
    return 0
  }
}
