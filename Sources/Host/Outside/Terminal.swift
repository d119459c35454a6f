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
  /// Shows a picture (RGB bytes, row by row) in the terminal; returns false if that is not
  /// possible.
  func show(rgb: [UInt8], width: Int, height: Int) -> Bool
}
