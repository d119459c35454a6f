import Testing

@testable import Library

/// Generated and quoted text is up to date.
struct ReferenceTests {
  @Test func theBuiltinsPageIsUpToDate() throws {
    let page = Reference.markdown(TestSession().library)
    let path = "docs/builtins.md"
    if RepositoryFiles.isRecording {
      try RepositoryFiles.write(page, to: path)
      Issue.record("\(path) is written anew; run again without RECORD")
      return
    }
    #expect(
      try RepositoryFiles.text(path) == page,
      "\(path) is stale: RECORD=1 scripts/test --filter Reference writes it anew")
  }

  @Test func theGuideNamesFilesThatExist() throws {
    let guide = try RepositoryFiles.text("CONTRIBUTING.md")
    let names = guide.split(separator: "`").enumerated().compactMap { i, part in
      i % 2 == 1 && part.contains("/") && !part.contains(" ") ? String(part) : nil
    }
    #expect(names.count > 8)
    for name in names { #expect(RepositoryFiles.exists(name), "CONTRIBUTING.md names \(name)") }
  }

  @Test func aGuideHasSevenStepsAtMost() throws {
    for section in try RepositoryFiles.text("CONTRIBUTING.md").components(of: "\n## ") {
      let steps = section.split(separator: "\n").filter { $0.first?.isNumber == true }
      #expect(steps.count <= 7, "\(section.prefix(40))")
    }
  }

  @Test func readmeIsShort() throws {
    let readme = try RepositoryFiles.text("README.md")
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count < 150)
  }
}

extension String {
  /// The parts between a separator's occurrences.
  func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self)
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
