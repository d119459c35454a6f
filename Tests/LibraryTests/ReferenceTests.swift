import Testing

@testable import Library

/// Generated and quoted text is up to date.
struct ReferenceTests {
  @Test("docs/library has the pages that the declarations make, and no others")
  func pages() throws {
    let pages = try Reference(TestSession().library).pages()
    let folder = "docs/library"
    if RepositoryFiles.isRecording {
      try RepositoryFiles.makeFolder(folder)
      for page in pages { try RepositoryFiles.write(page.text, to: "\(folder)/\(page.name)") }
      Issue.record("\(folder) has been written; run again without RECORD")
      return
    }
    for page in pages {
      #expect(
        try RepositoryFiles.text("\(folder)/\(page.name)") == page.text,
        "\(folder)/\(page.name) is stale: RECORD=1 scripts/test --filter Reference rewrites it")
    }
    #expect(try RepositoryFiles.list(folder).sorted() == pages.map(\.name).sorted())
  }

  @Test(
    "apropos finds the field's own words",
    arguments: [
      ("fully connected", "dense"), ("augmentation", "random_crop"), ("normalization", "normalize"),
      ("temperature", "distillation"), ("dataloader", "batches"), ("KL", "distillation"),
      ("dtype", "astype"), ("checkpoint", "save"), ("plot", "line"),
      ("confusion matrix", "confusion"), ("random seed", "seed"), ("boxes", "dataset.boxes"),
      ("grayscale", "grey"), ("bicubic", "resize"),
    ])
  func apropos(_ words: String, _ name: String) {
    let found = TestSession().library.search().found(words).map(\.name)
    #expect(found.contains { $0 == name || $0.hasSuffix("." + name) }, "\(words): \(found)")
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
