import Host
import Language
import Testing

@testable import Library

/// Models with forward functions in files: loading runs no code of the file.
struct ForwardFunctionTests {
  private static let module = """
    fn forward(m, x) { m.body(x) * m.scale }
    fn net() { model({body: dense(3), scale: full([1], 2), more: [dense(2, input: 4)]}, forward, input: [4]) }
    """

  /// A session whose file mine.lbk has been used, with a saved model.
  private func session(_ text: String = module) throws -> TestSession {
    let session = TestSession()
    try session.host.write(Array(text.utf8), to: "mine.lbk")
    try session.run("use \"./mine.lbk\"\nlet g = mine.net()\nsave(g, \"g.safetensors\")")
    return session
  }

  @Test("a function of a file in use is taken, weights and parts come back")
  func inUse() throws {
    let session = try session()
    let text = """
      use "./mine.lbk"
      let g = mine.net()
      load("g.safetensors", into: g)
      let h = load("g.safetensors")
      let x = ones(2, 4)
      [all(g(x) == h(x)).item(), keys(h.parameters) == keys(g.parameters), digest(load("g.safetensors")) == digest(h)]
      """
    #expect(try session.display(text) == "[true, true, true]")
  }

  @Test("a function that is not in use must be given, and another one is noted")
  func given() throws {
    let first = try session()
    let bytes = try first.host.read("g.safetensors")
    let other = TestSession()
    try other.host.write(bytes, to: "g.safetensors")
    #expect(other.error("load(\"g.safetensors\")").contains("which is not in use"))
    try other.host.write(Array(Self.module.utf8), to: "mine.lbk")
    let load =
      "use \"./mine.lbk\"\nload(\"g.safetensors\", forward: mine.forward)(ones(2, 4)).shape"
    #expect(try other.display(load) == "[2, 3]")
    #expect(other.host.reported == "")
    #expect(
      try other.display(
        "load(\"g.safetensors\", forward: (m, x) -> m[\"body\"](x))(ones(2, 4)).shape")
        == "[2, 3]")
    #expect(other.host.reported.contains("the forward function is not the one that was saved"))
  }

  @Test("a function that has changed is an error")
  func changed() throws {
    let bytes = try session().host.read("g.safetensors")
    let other = try session(Self.module.replacing("* m.scale", with: "+ m.scale"))
    try other.host.write(bytes, to: "old.safetensors")
    #expect(other.error("load(\"old.safetensors\")").contains("has changed since it was saved"))
  }

  @Test("a function that captures a number is not in the file, whose weights can be loaded")
  func capturing() throws {
    let session = TestSession()
    try session.run(
      """
      fn net(k) { model({body: dense(3, input: 4)}, (m, x) -> m.body(x) * k) }
      save(net(2), "g.safetensors")
      load("g.safetensors", into: net(3))
      """)
    #expect(
      session.host.reported.contains("captures `k`, which is neither a function nor a module"))
    let error = session.error("load(\"g.safetensors\")")
    #expect(error.contains("holds weights only: the forward function captures `k`"))
    #expect(error.contains("load(path, into: g)"))
  }

  @Test("a function that is a layer is handled as a forward function is")
  func layers() throws {
    let session = TestSession()
    let module = "fn act(x) { x * 2 }\nfn scaled(k) { x -> x * k }"
    try session.host.write(Array(module.utf8), to: "acts.lbk")
    let text = """
      use "./acts.lbk"
      fn twice(x) { x * 2 }
      let g = sequential({fc: dense(3), act: acts.act, size: abs}, input: 4)
      save(g, "g.safetensors")
      let h = sequential([dense(3), twice], input: 4)
      save(h, "h.safetensors")
      let x = ones(2, 4)
      [all(load("g.safetensors")(x) == g(x)).item(), all(load("h.safetensors", forward: twice)(x) == h(x)).item(),
        digest(load("g.safetensors")) == digest(g), load("g.safetensors", into: g) == g]
      """
    #expect(try session.display(text) == "[true, true, true, true]")
    #expect(session.host.reported == "")
    #expect(
      session.error("load(\"h.safetensors\")").contains(
        "h.safetensors, \"1\": its forward function is one of a script"))
    let other = TestSession()
    try other.host.write(session.host.read("g.safetensors"), to: "g.safetensors")
    #expect(
      other.error("load(\"g.safetensors\")").contains("is act of ./acts.lbk, which is not in use"))
    try session.run(
      "use \"./acts.lbk\"\nsave(sequential([dense(3), acts.scaled(3)], input: 4), \"k.safetensors\")"
    )
    #expect(
      session.host.reported.contains("captures `k`, which is neither a function nor a module"))
    #expect(session.error("load(\"k.safetensors\")").contains("\"1\" holds weights only"))
    try session.run("save(sequential([dense(3), blur(1)]), \"o.safetensors\")")
    #expect(session.host.reported.contains("write it as a function, x -> ..."))
  }

  @Test("a layer that files can't describe is named, and its network's weights can be loaded")
  func undescribed() throws {
    let session = TestSession()
    let shown = try session.display(
      """
      let g = sequential([dense(3), softmax(axis: 0)], input: 4)
      save(g, "g.safetensors")
      let h = load("g.safetensors", into: sequential([dense(3), softmax(axis: 0)], input: 4))
      all(h(ones(2, 4)) == g(ones(2, 4))).item()
      """)
    #expect(shown == "true")
    let note =
      "save: g.safetensors: the layer softmax(axis: 0) has no description in files: write it as a "
      + "function, x -> ..., so the file has the weights only"
    #expect(session.host.reported.contains(note))
    #expect(
      session.error("load(\"g.safetensors\")").contains(
        "\"1\" holds weights only: the layer softmax(axis: 0) has no description in files"))
  }

  @Test("a network that is nested too deep for a file is refused by save")
  func deep() throws {
    let text = """
      fn nested(n) { let g = dense(1, input: 1); for i in 0..n { g = sequential([g]) }; g }
      save(nested(62), "g.safetensors")
      load("g.safetensors")(ones(1, 1)).shape
      """
    let session = TestSession()
    #expect(try session.display(text) == "[1, 1]")
    for n in [63, 64, 200] {
      let error = session.error(
        text.replacing("nested(62)", with: "nested(\(n))"))
      #expect(
        error == "no error" || error.contains("layers are nested too deep for a file"), "\(n)")
    }
    #expect(session.error(text.replacing("nested(62)", with: "nested(200)")) != "no error")
  }

  @Test("several models in one file, with an optimizer, take their functions by path")
  func several() throws {
    let session = TestSession()
    let text = """
      fn twice(m, x) { m.body(x) * 2 }
      fn thrice(m, x) { m.body(x) * 3 }
      let a = model({body: dense(1, input: 1)}, twice)
      let b = sequential({first: model({body: a["body"]}, thrice), relu: relu})
      let opt = sgd(a, lr: 0.1, rates: {"body": 2})
      save({a: a, b: b, opt: opt}, "all.safetensors")
      let c = load("all.safetensors", forward: {a: twice, "b.first": thrice})
      [c.opt.rates, c.opt.models[0] == c.a, c.b["first.body"] == c.a["body"], (c.b(ones(1, 1)) == b(ones(1, 1)))[0, 0].item()]
      """
    #expect(try session.display(text) == "[{body: 2}, true, true, true]")
    #expect(session.error("load(\"all.safetensors\", forward: (m, x) -> x)").contains("by path"))
  }
}
