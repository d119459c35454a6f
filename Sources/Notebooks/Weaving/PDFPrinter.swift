import Host

/// Prints HTML pages as PDF files, with the first of some programs that is installed.
struct PDFPrinter {
  private let host: any Host
  private let program: String

  private static let browsers = ["chromium", "google-chrome"]

  /// Finds the program. Throws `no-program` if none is installed.
  init(_ host: any Host) throws {
    let found = (PDFPrinter.browsers + ["weasyprint"]).first {
      host.output(ofProgram: ["sh", "-c", "command -v \"$1\"", "sh", $0]) != nil
    }
    guard let found else {
      throw Failure(
        "no-program",
        "notebook: a PDF file is printed by chromium, google-chrome or weasyprint, and none is installed",
        hint: "apt-get install chromium, or apt-get install weasyprint")
    }
    (self.host, program) = (host, found)
  }

  /// Prints a page to a file, which is written whole or not at all. Throws `no-program` if the program
  /// fails.
  func print(_ page: String, to path: String) throws {
    let stem = host.absolute(
      "\(FilePath.withoutEnding(path))-\(String(UInt32.random(in: 0 ... .max), radix: 16))")
    let (html, pdf) = (stem + ".html", stem + ".pdf")
    try host.write(Array(page.utf8), to: html)
    defer { try? host.remove(html) }
    var command = [program, html, pdf]
    if PDFPrinter.browsers.contains(program) {
      command = [
        program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
        "--print-to-pdf=\(pdf)", "file://\(PercentCoding.encoded(html))",
      ]
    }
    guard host.output(ofProgram: command) != nil, host.kind(of: pdf) == .file else {
      try? host.remove(pdf)
      throw Failure("no-program", "notebook: \(program) could not print \(path)")
    }
    try host.move(pdf, to: path)
  }
}
