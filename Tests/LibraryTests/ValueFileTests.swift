import Formats
import Host
import Language
import Testing

@testable import Library

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

  @Test("every changed byte and every truncation is an error, never another value")
  func damage() throws {
    let session = TestSession()
    try session.run(Self.saving)
    let whole = try session.host.read("a.safetensors")
    var failures = 0
    for i in stride(from: 0, to: whole.count, by: 7) {
      var changed = whole
      changed[i] ^= 1 << UInt8(i % 8)
      for bytes in [changed, Array(whole.prefix(i))] {
        try session.host.write(bytes, to: "damaged.safetensors")
        do {
          try session.run("load(\"damaged.safetensors\")")
        } catch { failures += 1 }
      }
    }
    #expect(failures == 2 * ((whole.count + 6) / 7))
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
