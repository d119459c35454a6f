import Formats
import Host
import Language
import Syntax
import TestSupport
import Testing

@testable import Library
@testable import Models

/// Files of models together with other values, whose content is not trusted.
@Suite struct ValueFileTests {
  private static let saving = """
    let g = dense(2, input: 2)
    let opt = sgd(g, lr: 0.1, momentum: 0.9)
    minimize(opt, () -> sum(g(ones(1, 2))))
    save({model: g, opt: opt, history: [{loss: 1}], twice: [g, g]}, "a.safetensors")

    """

  @Test("the same value gives the same bytes")
  func sameBytes() throws {
    let session = TestSession()
    try session.run(
      Self.saving
        + "save({model: g, opt: opt, history: [{loss: 1}], twice: [g, g]}, \"b.safetensors\")")
    #expect(try session.host.read("a.safetensors") == session.host.read("b.safetensors"))
  }

  @Test("a damaged file is an error or the same value, never another one")
  func damaged() throws {
    let session = TestSession()
    try session.run(Self.saving + "save(load(\"a.safetensors\"), \"again.safetensors\")")
    let whole = try session.host.read("again.safetensors")
    var others = 0
    try Fuzz.run("value file", [whole], rounds: 300) { mutant in
      guard try Self.saved(mutant, session) != whole else { return }
      others += 1
    }
    #expect(others == 0)
  }

  @Test("a file that is put together wrongly but has the right digest is an error or a value")
  func damagedStructure() throws {
    let session = TestSession()
    try session.run(Self.saving)
    let file = try SafeTensors(decoding: session.host.read("a.safetensors"), path: "a")
    for key in ["value", "optimizers"] {
      let place = try #require(file.metadata.firstIndex { $0.0 == key })
      try Fuzz.run(key, [Array(file.metadata[place].1.utf8)], rounds: 300) { mutant in
        var changed = file
        changed.metadata[place].1 = String(decoding: mutant, as: UTF8.self)
        changed.metadata.removeAll { $0.0 == "digest" }
        changed.metadata.append(("digest", ValueContent.digest(of: changed).text))
        _ = try Self.saved(changed.encoded(), session)
      }
    }
  }

  /// Loads a file and saves what it holds. Throws the `Failure`.
  private static func saved(_ bytes: [UInt8], _ session: TestSession) throws -> [UInt8] {
    try session.host.write(bytes, to: "damaged.safetensors")
    do {
      try session.run("save(load(\"damaged.safetensors\"), \"saved.safetensors\")")
    } catch let diagnostic as Diagnostic {
      throw Failure(diagnostic.kind, diagnostic.message)
    }
    return try session.host.read("saved.safetensors")
  }

  @Test("a target of another form is left as it was")
  func nothingChanges() throws {
    let session = TestSession()
    let text = try session.display(
      Self.saving + """
        let h = dense(2, input: 2)
        let before = digest(h)
        let other = sgd([h, dense(1)], lr: 1)
        let said = try { load("a.safetensors", into: {model: h, opt: other}) } catch e { e.message }
        [digest(h) == before, other.lr, said]
        """)
    #expect(
      text
        == "[true, 1, \"load: the optimizer at [\\\"opt\\\"] trains 1 models in a.safetensors and 2 here\"]"
    )
  }
}
