/// Where output goes, and what can be shown there.
public protocol Terminal: AnyObject {
  /// Writes to standard output.
  func output(_ text: String)
  /// Writes to standard error: progress, warnings, errors.
  func report(_ text: String)
  /// Whether standard output is a terminal.
  var outputIsTerminal: Bool { get }
  /// Whether standard error is a terminal.
  var reportIsTerminal: Bool { get }
  /// The terminal's width in columns; 80 where there is none.
  var columns: Int { get }
  /// Shows a picture (RGB bytes, row by row) in the terminal; false where none can be shown.
  func show(rgb: [UInt8], width: Int, height: Int) -> Bool
}
