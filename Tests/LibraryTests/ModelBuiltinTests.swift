import Host
import Language
import Testing

@testable import Library

@Suite struct ModelBuiltinTests {
  /// What a script prints.
  private func printed(_ code: String) throws -> String {
    let session = TestSession()
    _ = try session.display(code)
    return session.host.takePrinted()
  }

  @Test("layers in a list are models, operations with or without options, and functions")
  func layers() throws {
    let text = try printed(
      """
      let g = sequential([conv(4, 3, padding: 1), relu, max_pool(2), dropout(0.5), x -> x * 2, flatten, dense(3)])
      print g(zeros(2, 1, 8, 8)).shape
      print keys(grad(() -> sum(g(ones(1, 1, 8, 8))), at: g))
      """)
    #expect(
      text == """
        [2, 3]
        ["0.weight", "0.bias", "6.weight", "6.bias"]

        """)
  }

  @Test("a model of named parts trains, its tensors included")
  func custom() throws {
    let text = try printed(
      """
      let g = model({body: [dense(3), dense(2)], w: ones(1)}, (m, x) -> m.body[1](m.body[0](x)) * m.w)
      let opt = adam(g, lr: 0.1)
      let x = randn(4, 5)
      let first = minimize(opt, () -> mean(g(x) ^ 2))
      for i in 0..20 { minimize(opt, () -> mean(g(x) ^ 2)) }
      print(minimize(opt, () -> mean(g(x) ^ 2)) < first, g.w.item() != 1)
      print keys(grad(() -> sum(g(x)), at: g))
      """)
    #expect(
      text == """
        true true
        ["w", "body.0.weight", "body.0.bias", "body.1.weight", "body.1.bias"]

        """)
  }

  @Test("parameters are a live view")
  func parameters() throws {
    let text = try printed(
      """
      let g = dense(1, input: 2)
      g.parameters["weight"] = tensor([[2, 3]])
      g.parameters["bias"] = zeros(1)
      print(g(ones(1, 2)).item(), len(g.parameters), "bias" in g.parameters)
      try { g.parameters["weigth"] } catch e { print(e.message) }
      try { g.parameters["bias"] = zeros(2) } catch e { print(e.message) }
      """)
    #expect(
      text == """
        5 2 true
        parameters: "weigth" does not exist
        parameters: "bias" is [1], got [2]

        """)
  }

  @Test("outputs are computed once for the same weights, and again for others")
  func outputs() throws {
    let text = try printed(
      """
      let d = shapes(6) |> grey() |> resize(8)
      # What it counted would be a change of what it captured.
      let f = model({body: dense(5)}, fn(m, x) { print "called"; m.body(x) })
      f(d[0..1].images)
      print "begin"
      outputs(f, d)
      outputs(f, d)
      print "again"
      f.parameters["body.bias"] = ones(5)
      print(outputs(f, d).logits.shape)
      try { outputs(f, d |> random_flip()) } catch e { print(e.kind) }
      """)
    #expect(
      text == """
        called
        begin
        called
        again
        called
        [6, 5]
        random

        """)
  }

  @Test("errors say what was expected and what was given")
  func errors() throws {
    let text = try printed(
      """
      let g = dense(2, input: 3)
      let opt = sgd(g, lr: 0.1)
      try { minimize(opt, () -> g(ones(4, 3))) } catch e { print(e.message) }
      try { minimize(opt, () -> sum(ones(2))) } catch e { print(e.message) }
      try { grad(x -> sum(stop_gradient(x)), at: ones(2)) } catch e { print(e.message) }
      try { grad(x -> sum(grad(y -> sum(y), at: x)), at: ones(2)) } catch e { print(e.kind) }
      try { dense(0) } catch e { print(e.message) }
      try { sequential([3]) } catch e { print(e.message) }
      try { load("missing.safetensors") } catch e { print(e.kind) }
      try { g(ones(4, 5)) } catch e { print(e.message) }
      """)
    #expect(
      text == """
        minimize: the loss must be one floating number, got float32 [4, 2]
        minimize: no gradient reaches the model's parameters (weight, bias ...): the loss does not depend on it
        grad: no gradient reaches `at`: stop_gradient cuts it: it has no gradient
        nested-gradient
        dense: units must be a whole number, 1 or more, got 0
        sequential: a layer is a model, an operation such as relu or max_pool(2), or a function, got 3
        file-missing
        dense: weights [2, 3] take rows [n, 3], got [4, 5]

        """)
  }
}
