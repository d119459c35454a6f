import CReadline
import Engine
import Glibc
import Host

/// Reads lines at a terminal with GNU readline.
public final class ReadlineSource: LineSource {
  /// The completer of the line that is being typed.
  public var completer: Completer? {
    get { ReadlineSource.completer }
    set { ReadlineSource.completer = newValue }
  }

  /// Tells whether a text is an incomplete entry.
  public var isIncomplete: (String) -> Bool {
    get { ReadlineSource.isIncomplete }
    set { ReadlineSource.isIncomplete = newValue }
  }

  // Readline exists once per process and its callbacks carry no context, so their state is global.
  // SAFETY: used only by the main thread.
  nonisolated(unsafe) private static var completer: Completer?
  nonisolated(unsafe) private static var isIncomplete: (String) -> Bool = { _ in false }
  nonisolated(unsafe) private static var finished: (line: String?, Void)?
  nonisolated(unsafe) private static var candidates: [Completer.Candidate] = []
  nonisolated(unsafe) private static var breaks: UnsafeMutablePointer<CChar>?

  /// The name and version of the editing library.
  public static var version: String {
    "readline " + (rl_library_version.map { String(cString: $0) } ?? "")
  }

  /// Sets up readline. Entries are drawn here, in colour and with all of their lines, unless the
  /// terminal is a dumb one.
  public init(isColoured: Bool) {
    rl_readline_name = UnsafePointer(strdup("limbeck"))
    // Without a locale, the terminal is taken to show UTF-8, as everything else here does.
    setlocale(LC_CTYPE, "")
    if lbk_bytes_of_character() == 1, setlocale(LC_CTYPE, "C.UTF-8") == nil {
      setlocale(LC_CTYPE, "C")
    }
    // Limbeck handles Ctrl-C itself: it must reach a computation, and here it only clears the line.
    rl_catch_signals = 0
    rl_variable_bind("enable-bracketed-paste", "on")
    rl_variable_bind("show-all-if-ambiguous", "on")
    rl_completer_quote_characters = UnsafePointer(strdup(""))
    rl_completion_word_break_hook = { ReadlineSource.wordBreaks() }
    rl_attempted_completion_function = { _, start, end in
      ReadlineSource.matches(from: Int(start), to: Int(end))
    }
    using_history()
    let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
    if terminal != "dumb", !terminal.isEmpty, isatty(1) == 1 {
      EntryEditor.install(isColoured: isColoured)
    } else {
      rl_variable_bind("blink-matching-paren", "on")
    }
  }

  /// Adds an entry to the history of the arrow keys and of Ctrl-R.
  public func remember(_ entry: String) {
    if EntryEditor.recall.last != entry { add_history(entry) }
    EntryEditor.recall.add(entry)
  }

  /// Reads a line, or an entry of several. The loop is implemented here, with one call of readline per
  /// key, because a signal must end it; readline's own loop continues to read after a signal.
  public func line(prompt: String) throws -> String? {
    ReadlineSource.finished = nil
    EntryEditor.begin(isIncomplete: ReadlineSource.isIncomplete)
    let interrupt = RunContext.current.interrupt
    rl_callback_handler_install(prompt) { raw in
      ReadlineSource.finished = (raw.map { String(cString: $0) }, ())
      free(raw)
      rl_callback_handler_remove()
    }
    while true {
      if let finished = ReadlineSource.finished { return finished.line }
      EntryEditor.drawIfNeeded()
      var inputs = [fileno(rl_instream), interrupt.descriptor].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      let ready = poll(&inputs, 2, -1)
      if interrupt.isPending {
        interrupt.clear()
        EntryEditor.leave()
        // This must precede the cleanup by readline, which moves the cursor to the beginning of the
        // line.
        fputs("^C", rl_outstream)
        rl_free_line_state()
        rl_callback_sigcleanup()
        rl_callback_handler_remove()
        fputs("\n", rl_outstream)
        fflush(rl_outstream)
        throw Interrupted()
      }
      if ready > 0 {
        rl_callback_read_char()
      } else if ready < 0, errno == EINTR {
        rl_resize_terminal()
      }
    }
  }

  // MARK: Completion

  /// Returns the characters that separate words: inside a string only the quotes, so that paths
  /// remain whole.
  private static func wordBreaks() -> UnsafeMutablePointer<CChar>? {
    let text = lineBuffer(upTo: Int(rl_point))
    free(breaks)
    breaks = strdup(
      Completer.openString(in: text) != nil ? "\"'" : " \t\n\"'`.@><=;|&{}()[],:+-*/%^?")
    return breaks
  }

  /// What has been typed, up to a byte.
  static func lineBuffer(upTo end: Int) -> String {
    guard let buffer = rl_line_buffer else { return "" }
    // SAFETY: readline keeps `rl_end` bytes in its buffer, and `end` is at most that.
    return String(
      decoding: UnsafeRawBufferPointer(start: buffer, count: max(0, min(end, Int(rl_end)))),
      as: UTF8.self)
  }

  /// The signature of the function whose call the cursor is in, if any.
  static var signature: String? { completer?.signature(for: lineBuffer(upTo: Int(rl_point))) }

  /// Returns the list that readline expects: the common prefix, then the candidates, all allocated
  /// with malloc.
  private static func matches(from start: Int, to end: Int)
    -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  {
    // If there are no candidates, readline would offer file names, which are out of place outside
    // strings.
    rl_attempted_completion_over = 1
    guard let completer else { return nil }
    candidates = completer.candidates(for: lineBuffer(upTo: end))
    rl_completion_append_character = 0
    let isFile = candidates.contains { $0.isFile }
    rl_filename_completion_desired = isFile ? 1 : 0
    rl_filename_quoting_desired = 0
    guard !candidates.isEmpty else { return nil }
    let count = candidates.count
    guard
      let list = calloc(count + 2, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)?
        .assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
    else { return nil }
    list[0] = strdup(Completer.commonPrefix(of: candidates.map(\.text)))
    for (i, candidate) in candidates.enumerated() { list[i + 1] = strdup(candidate.text) }
    return list
  }
}
