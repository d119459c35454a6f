import Host
import Language
import Testing

@testable import Library

/// Members, the names after a dot: the tables, the objects and help agree.
struct MemberTests {
  /// A value of each kind that has members.
  private static let samples: [String: String] = [
    "error": "let e = try { error(\"x\") } catch e { e }\ne",
    "tensor": "ones(2)", "dataset": "shapes(4, size: 16)",
    "record": "shapes(4, size: 16)[0]",
    "pairs": "pairs(shapes(4, size: 16), shapes(4, size: 16))",
    "batches": "batches(shapes(4, size: 16), 2)",
    "model": "sequential([dense(2, input: 3)])", "optimizer": "sgd(dense(2, input: 3), lr: 0.1)",
    "figure": "line([1, 2])", "table": "table([{a: 1}])", "progress": "progress([1])",
    "metrics": "metrics(\"a\")",
  ]

  @Test func everyMemberThatIsDeclaredIsAnswered() throws {
    for kind in Kind.all where !kind.members.isEmpty {
      let code = try #require(MemberTests.samples[kind.name], "a sample of \(kind.name)")
      let session = TestSession()
      guard case .object(let object) = try session.run(code) else {
        Issue.record("\(kind.name) is not an object")
        continue
      }
      #expect(object.typeName == kind.name)
      #expect(Set(kind.members.map(\.name)).count == kind.members.count)
      #expect(Set(object.memberNames).isSubset(of: kind.members.map(\.name)), "\(kind.name)")
      for member in kind.members {
        guard object.memberNames.contains(member.name) else { continue }
        let value = try object.member(member.name)
        #expect(value != nil, "\(kind.name).\(member.name)")
        if let value, try object.setMember(member.name, to: value, on: session.machine) {
          #expect(member.isSettable, "\(kind.name).\(member.name)")
        } else {
          #expect(!member.isSettable, "\(kind.name).\(member.name)")
        }
      }
      #expect(try object.member("no such member") == nil)
    }
  }

  @Test func everyMethodIsOfAKind() {
    let kinds = Set(Kind.all.map(\.name))
    let named = Set(TestSession().library.builtins.values.flatMap(\.methodOf))
    #expect(named.isSubset(of: kinds), "\(named.subtracting(kinds))")
  }

  @Test func theReferenceHasEveryMember() throws {
    let pages = try Reference(TestSession().library).pages()
    let page = try #require(pages.first { $0.name == "values.md" }).text
    for kind in Kind.all {
      let section = page.components(of: "## Members of \(kind.name)\n")
      guard section.count == 2 else {
        Issue.record("\(kind.name) has \(section.count - 1) sections")
        continue
      }
      let text = section[1].components(of: "\n##")[0]
      for member in kind.members { #expect(text.hasPart("- `.\(member.name)` (\(member.result)")) }
    }
  }

  @Test func helpExplainsKindsAndMembers() throws {
    let session = TestSession()
    func help(_ code: String) throws -> String {
      try session.run(code)
      return session.host.takePrinted()
    }
    let dataset = try help("help(\"dataset\")")
    #expect(dataset.hasPrefix("dataset: Records"))
    #expect(dataset.hasPart(".boxes ") && dataset.hasPart(".shuffle()"))
    // A word that is a function and a kind.
    for code in ["help(\"tensor\")", "help(tensor)"] {
      let tensor = try help(code)
      #expect(tensor.hasPrefix("tensor(values") && tensor.hasPart("  .shape  The lengths"))
    }
    #expect(try help("help(\"tensor.shape\")") == "tensor.shape: The lengths of its axes. (list)\n")
    #expect(try help("help(\"optimizer.lr\")").hasPart("(number; can be set)"))
    #expect(try help("help(\"tensor.sum\")").hasPrefix("sum("))
    #expect(try help("help(\"tensor.shap\")") == "tensor has no shap; did you mean shape?\n")
    #expect(try help("help(ones(2))").hasPart("  .shape  The lengths of its axes. (list)"))
    let custom = "let g = model({body: dense(2)}, (m, x) -> m.body(x))\n"
    #expect(try help(custom + "help(g)").hasPart("  .body\n"))
  }
  @Test func aCommandAsksByName() throws {
    let session = TestSession()
    func help(_ code: String) throws -> String {
      try session.run(code)
      return session.host.takePrinted()
    }
    #expect(try help("help dataset").hasPrefix("dataset: Records"))
    #expect(try help("?record.box").hasPrefix("record.box: "))
    #expect(try help("let x = ones(2)\nhelp x.shape").hasPrefix("tensor.shape: "))
    #expect(try help("let m = {a: 1}\nhelp m.a") == "number: 1\n")
    #expect(try help("let dataset = 3\nhelp dataset") == "number: 3\n")
    #expect(try help("fn f(x) { help x }\nf(3)") == "number: 3\n")
    #expect(try help("help shuffel").hasPart("did you mean shuffle?"))
  }
}
