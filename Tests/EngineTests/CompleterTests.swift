import TestSupport
import Testing

@testable import Engine

@Suite struct CompleterTests {
  private func texts(_ line: String, host: MemoryHost = MemoryHost()) -> [String] {
    Completer(Names(), host: host).candidates(for: line).map(\.text)
  }

  @Test("names and keywords, sorted; hidden ones only when asked for")
  func names() {
    #expect(texts("tra") == ["trace", "train"])
    #expect(texts("1 + tr") == ["trace", "train", "true", "try"])
    #expect(texts("x |> acc") == ["accuracy"])
    #expect(texts("_h") == ["_hidden"])
    #expect(texts("0..g") == ["g"])
    #expect(texts("λ") == ["λ"])
    #expect(texts("") == [])
    #expect(texts("12") == [])
  }

  @Test("members after a dot, through several")
  func members() {
    #expect(texts("g.") == ["layers", "parameters"])
    #expect(texts("f(g.pa") == ["parameters"])
    #expect(texts("g.layers.c") == ["conv"])
    #expect(texts("g[0].p") == [])
  }

  @Test("the parameters of the call that is open, where an argument begins")
  func parameters() {
    #expect(texts("train(") == ["data: ", "epochs: ", "g: ", "lr: "])
    #expect(texts("train(g, A, ep") == ["epochs: "])
    #expect(texts("train(g, f(1, 2), l") == ["lr: "])
    #expect(texts("train(g, [1, g") == ["g"])
    #expect(texts("train(g, x + g") == ["g"])
    #expect(texts("saliency.tau(m") == ["map: "])
    #expect(texts("train(g\n  , ep") == ["epochs: "])
  }

  @Test("the strings that an argument takes, where it takes one of a few")
  func choices() {
    #expect(texts("resize(x, method: \"b") == ["bicubic", "bilinear"])
    #expect(texts("resize(x,\n  method : '") == ["area", "bicubic", "bilinear"])
    #expect(texts("resize(x, size: \"b") == [])
  }

  @Test("keys inside an index, class names beside a data set")
  func strings() {
    #expect(texts("m[\"le") == ["left"])
    #expect(texts("1 + m['") == ["left", "right"])
    #expect(texts("d.choose(\"ze") == ["zebra"])
    #expect(texts("e.choose(\"ze") == [])
  }

  @Test("the signature of the call that is open")
  func signature() {
    let completer = Completer(Names(), host: MemoryHost())
    #expect(completer.signature(for: "train(g, [1, f(2)") == "train(g, data)")
    #expect(completer.signature(for: "train(g)") == nil)
    #expect(completer.signature(for: "f(train(") == "train(g, data)")
  }

  @Test("files inside a string, folders with a slash")
  func files() {
    let host = MemoryHost()
    host.files = ["data/a.png": [], "data/b.png": [], "data/more/c.png": [], "notes": []]
    #expect(texts("read(\"da", host: host) == ["data/"])
    #expect(texts("read(\"data/", host: host) == ["data/a.png", "data/b.png", "data/more/"])
    #expect(texts("read('data/more/", host: host) == ["data/more/c.png"])
    #expect(texts("print \"a\", tra", host: host) == ["trace", "train"])
    #expect(texts("read(\"nowhere/", host: host) == [])
  }

  @Test("the common beginning is of whole characters")
  func prefix() {
    #expect(Completer.commonPrefix(of: ["train", "trace"]) == "tra")
    #expect(Completer.commonPrefix(of: ["λa", "λb"]) == "λ")
    #expect(Completer.commonPrefix(of: ["a", "b"]) == "")
    #expect(Completer.commonPrefix(of: []) == "")
  }
}

/// A few names, and what they lead to.
private final class Names: CompletionSource {
  let names = ["train", "trace", "accuracy", "g", "_hidden", "λ"]
  func members(of path: [String]) -> [String] {
    path == ["g"] ? ["parameters", "layers"] : path == ["g", "layers"] ? ["conv"] : []
  }
  func parameters(of path: [String]) -> [String] {
    path == ["train"] ? ["g", "data", "epochs", "lr"] : path == ["saliency", "tau"] ? ["map"] : []
  }
  func choices(of path: [String], parameter: String) -> [String] {
    path == ["resize"] && parameter == "method" ? ["bicubic", "bilinear", "area"] : []
  }
  func keys(of path: [String]) -> [String] { path == ["m"] ? ["left", "right"] : [] }
  func classes(of names: [String]) -> [String] { names.contains("d") ? ["zebra", "zoo"] : [] }
  func signature(of path: [String]) -> String? { path == ["train"] ? "train(g, data)" : nil }
}
