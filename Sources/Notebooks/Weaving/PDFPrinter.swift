import Host

/// Prints an HTML page as a PDF file, with the first of some programs that is installed.
public enum PDFPrinter {
  /// The programs, with the arguments that print `$1` as `$2`.
  private static let engines = [
    (
      "chromium",
      "chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf=\"$2\" \"file://$1\""
    ),
    (
      "google-chrome",
      "google-chrome --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf=\"$2\" \"file://$1\""
    ),
    ("weasyprint", "weasyprint \"$1\" \"$2\""),
  ]

  /// Prints a page; both paths are absolute. Throws `no-program` if none of the programs is installed or
  /// they fail.
  public static func print(_ page: String, to path: String, host: any Host) throws {
    for (name, command) in engines {
      guard host.output(ofProgram: ["sh", "-c", "command -v \(name)"]) != nil else { continue }
      guard host.output(ofProgram: ["sh", "-c", command, "sh", page, path]) != nil,
        host.kind(of: path) == .file
      else { throw Failure("no-program", "notebook: \(name) could not print the page as \(path)") }
      return
    }
    throw Failure(
      "no-program",
      "notebook: a page is printed as PDF by chromium or weasyprint; none is installed",
      hint: "install one of Debian's packages: apt-get install chromium")
  }
}
