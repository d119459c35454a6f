import Host
import TestSupport

/// The real files, below a temporary folder where paths are relative; output is kept, not written.
final class TestHost: FolderHost {
  private let temporary = TemporaryFolder()
  private(set) var printed = ""
  private(set) var reported = ""

  init() { super.init(SystemHost(), folder: temporary.path) }

  /// What was printed since it was last asked.
  func takePrinted() -> String {
    defer { printed = "" }
    return printed
  }

  override func environment(_ name: String) -> String? {
    name == "LIMBECK_CACHE" ? workingFolder + "/cache" : nil
  }
  override func output(_ text: String) { printed += text }
  override func report(_ text: String) { reported += text }
  override var outputIsTerminal: Bool { false }
  override var reportIsTerminal: Bool { false }
  override var columns: Int { 80 }
  override func show(_ display: Display) -> Shown { .nowhere }
  override var redrawsLine: Bool { false }
  override func timestamp() -> String { "2026-11-22T23-39-37" }
}
