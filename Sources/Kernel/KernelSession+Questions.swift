import Engine
import Formats
import Glibc
import Library
import Syntax

/// The answers to questions that run nothing.
extension KernelSession {
  /// What a front end has to know of the kernel. Python's lexer and mode are the nearest that exist.
  static let information: JSON = .object([
    ("status", .string("ok")), ("protocol_version", .string(Message.version)),
    ("implementation", .string("limbeck")), ("implementation_version", .string(Doctor.version)),
    (
      "language_info",
      .object([
        ("name", .string("limbeck")), ("version", .string(Doctor.version)),
        ("mimetype", .string("text/x-limbeck")), ("file_extension", .string(".lbk")),
        ("pygments_lexer", .string("python")), ("codemirror_mode", .string("python")),
      ])
    ),
    (
      "banner", .string("limbeck \(Doctor.version). help() lists what there is, ?name explains it.")
    ),
    ("help_links", .array([])), ("supported_features", .array([.string("kernel subshells")])),
  ])

  /// Completes the code at the cursor.
  func complete(_ request: Message) -> JSON {
    let (before, position) = KernelSession.beginning(of: request)
    let candidates = completer.candidates(for: before)
    var length = before.unicodeScalars.reversed().prefix(while: Completer.isName).count
    if let typed = Completer.openString(in: before) { length = typed.unicodeScalars.count }
    return ok([
      ("matches", .array(candidates.map { .string($0.text) })),
      ("cursor_start", .number(Double(position - length))),
      ("cursor_end", .number(Double(position))),
      ("metadata", .object([])),
    ])
  }

  /// The code up to the cursor, whose place is counted in Unicode scalars.
  private static func beginning(of request: Message) -> (text: String, position: Int) {
    let scalars = request.string("code").unicodeScalars
    let position = max(0, min(request.number("cursor_pos") ?? scalars.count, scalars.count))
    return (String(String.UnicodeScalarView(scalars.prefix(position))), position)
  }

  /// Explains the name at the cursor.
  func inspect(_ request: Message) -> JSON {
    let (before, position) = KernelSession.beginning(of: request)
    let after = request.string("code").unicodeScalars.dropFirst(position)
    var name = String(
      String.UnicodeScalarView(
        before.unicodeScalars.reversed().prefix { Completer.isName($0) || $0 == "." }.reversed()))
    name.unicodeScalars.append(contentsOf: after.prefix(while: Completer.isName))
    // Behind an opening parenthesis, the question is about what is called.
    if name.isEmpty {
      let open = before.unicodeScalars.reversed().drop { $0 != "(" }.dropFirst()
      name = String(
        String.UnicodeScalarView(open.prefix { Completer.isName($0) || $0 == "." }.reversed()))
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    var help = ""
    if !parts.isEmpty, parts.allSatisfy({ Lexer.isIdentifier(String($0)) }) {
      host.receive = { if case .text(let text, isReport: false) = $0 { help += text } }
      if case (.done, nil) = run("help(\(name))", named: "<help>") {} else { help = "" }
      host.receive = { [unowned self] in receive($0) }
    }
    return ok([
      ("found", .bool(!help.isEmpty)),
      ("data", help.isEmpty ? .object([]) : KernelSession.plain(help)), ("metadata", .object([])),
    ])
  }

  /// Tells whether an entry is complete, so that a front end may run it.
  func isComplete(_ request: Message) -> JSON {
    let code = request.string("code")
    if engine.isIncomplete(code) {
      return .object([("status", .string("incomplete")), ("indent", .string("  "))])
    }
    let parsed = Parser.parse(Source(name: "", text: code), mode: .prompt(afterLet: nil))
    let isWrong = parsed.diagnostics.contains { $0.severity == .error }
    return .object([("status", .string(isWrong ? "invalid" : "complete"))])
  }

  /// The entries of this session: the last ones, a range, or those that match a pattern of the shell.
  func history(_ request: Message) -> JSON {
    var found = Array(entries.enumerated())
    switch request.string("hist_access_type") {
    case "range":
      let start = request.number("start") ?? 1
      let stop = request.number("stop") ?? Int.max
      found = found.filter { $0.offset + 1 >= start && $0.offset + 1 < stop }
    case "search":
      let pattern = request.string("pattern")
      found = found.filter { fnmatch(pattern, $0.element.code, 0) == 0 }
      if request.flag("unique", false) {
        // The last of several that are the same.
        var seen: Set<String> = []
        found = found.reversed().filter { seen.insert($0.element.code).inserted }.reversed()
      }
      fallthrough
    default: found = found.suffix(max(0, request.number("n") ?? found.count))
    }
    let hasOutput = request.flag("output", false)
    return ok([
      (
        "history",
        .array(
          found.map { i, entry in
            let code = JSON.string(entry.code)
            let result = entry.result.map { JSON.string($0) } ?? .null
            return .array([
              .number(0), .number(Double(i + 1)), hasOutput ? .array([code, result]) : code,
            ])
          })
      )
    ])
  }
}
