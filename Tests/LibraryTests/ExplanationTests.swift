import Language
import Library
import TestSupport
import Testing

/// What `limbeck explain` says of the codes of errors.
struct ExplanationTests {
  private let explanations = Explanations(TestSession().library)

  @Test func explanationsAreParagraphsThatEnd() {
    for kind in explanations.kinds {
      let text = explanations.text(for: kind) ?? ""
      #expect(text.hasSuffix(".") && !text.contains("\n"), "\(kind)")
    }
    #expect(explanations.text(for: "no-such-code") == nil)
  }

  @Test func everyCodeThatTheSourcesReportHasAnExplanation() throws {
    let makers = ["Failure(", "Diagnostic(", "report(", "kind: "].map { Array($0.utf8) }
    let files = try sources(in: "Sources")
    let listed = Shell.output(of: "git -C '\(RepositoryFiles.root)' ls-files 'Sources/*.swift'")
      .split(separator: "\n").map(String.init)
    #expect(!listed.isEmpty)
    #expect(Set(listed).subtracting(files).isEmpty, "git lists files that are not looked at")
    for file in files {
      let text = try RepositoryFiles.text(file)
      for code in Set(makers.flatMap { codes(in: Array(text.utf8), after: $0) }) {
        #expect(explanations.text(for: code) != nil, "\(file) reports `\(code)`")
      }
    }
  }

  /// The Swift files of a folder and of all folders inside it.
  private func sources(in folder: String) throws -> [String] {
    try RepositoryFiles.list(folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".swift") { return [path] }
      return RepositoryFiles.isFolder(path) ? try sources(in: path) : []
    }
  }
  /// The words in quotes right after each `(` of a maker of errors.
  private func codes(in text: [UInt8], after maker: [UInt8]) -> [String] {
    var found: [String] = []
    var index = 0
    while let start = text[index...].firstIndex(of: maker[0]) {
      index = start + 1
      guard text[start...].starts(with: maker) else { continue }
      let rest = text[(start + maker.count)...].drop { $0 == 32 || $0 == 10 }
      guard rest.first == UInt8(ascii: "\"") else { continue }
      let code = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
      if !code.isEmpty, code.allSatisfy({ (97...122).contains($0) || $0 == UInt8(ascii: "-") }) {
        found.append(String(decoding: code, as: UTF8.self))
      }
    }
    return found
  }
}
