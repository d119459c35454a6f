import Host
import Syntax

/// Writes diagnostics for people, in colour on terminals unless NO_COLOR is set.
public struct DiagnosticWriter {
  private let host: any Host
  private let isColoured: Bool

  /// Creates a writer to a host's standard error.
  public init(_ host: any Host) {
    self.host = host
    isColoured =
      host.reportIsTerminal && (host.environment("NO_COLOR") ?? "").isEmpty
      && host.environment("TERM") != "dumb"
  }

  /// Returns the text of the diagnostics for standard error, separated by blank lines.
  public func text(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { coloured($0.rendered(columns: min(max(host.columns, 60), 120))) }
      .joined(separator: "\n")
  }

  /// Writes the diagnostics to standard error.
  public func write(_ diagnostics: [Diagnostic]) {
    if !diagnostics.isEmpty { host.report(text(diagnostics)) }
  }

  /// Writes an error of any type to standard error.
  public func write(_ error: any Error) { write([Diagnostic(any: error)]) }

  private func coloured(_ rendered: String) -> String {
    let text = rendered.hasSuffix("\n") ? rendered : rendered + "\n"
    guard isColoured else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { paint(String($1), isFirst: $0 == 0) }.joined(separator: "\n")
  }

  private func paint(_ line: String, isFirst: Bool) -> String {
    if isFirst {
      for (word, code) in [("error:", "1;31"), ("warning:", "1;33")] where line.hasPrefix(word) {
        return "\u{1B}[\(code)m\(word)\u{1B}[0;1m\(line.dropFirst(word.count))\u{1B}[0m"
      }
    }
    let content = line.drop { $0 == " " || $0.isNumber }
    if content.hasPrefix("-->") || content == "|" { return "\u{1B}[34m\(line)\u{1B}[0m" }
    // The line with the marker: `   |         ^^^^^ x is [32, 784]`.
    if content.hasPrefix("|"), let marks = line.firstIndex(of: "^"),
      line[..<marks].allSatisfy({ $0 == " " || $0 == "|" })
    {
      return "\u{1B}[34m\(line[..<marks])\u{1B}[1;31m\(line[marks...])\u{1B}[0m"
    }
    if content.hasPrefix("= ") { return "\u{1B}[36m\(line)\u{1B}[0m" }
    return line
  }
}
