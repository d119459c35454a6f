/// The output streams and the properties of the terminal.
public protocol Terminal: AnyObject {
  /// Writes to standard output.
  func output(_ text: String)
  /// Writes to standard error: progress, warnings, errors.
  func report(_ text: String)
  /// Whether standard output is a terminal.
  var outputIsTerminal: Bool { get }
  /// Whether standard error is a terminal.
  var reportIsTerminal: Bool { get }
  /// The terminal's width in columns; 80 if there is no terminal.
  var columns: Int { get }
  /// Shows what a script displays, and returns how. Throws an error of making one of its forms.
  func show(_ display: Display) throws -> Shown
  /// Whether a line of progress can be replaced by the next one, with `redraw`.
  var redrawsLine: Bool { get }
  /// Writes a line of progress, which replaces the one before it. The last one stays.
  func redraw(_ line: String, isLast: Bool)
}
