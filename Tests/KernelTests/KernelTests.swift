import Engine
import Formats
import Host
import TestSupport
import Testing

@testable import Kernel

/// The kernel's answers, without sockets.
@Suite struct KernelTests {
  /// A session with what it sends.
  private final class Client {
    let outbox: Outbox
    let session: KernelSession
    let requests = Requests()

    init() throws {
      let host = DocumentHost(MemoryHost(), pngOfAll: true)
      outbox = try Outbox()
      session = KernelSession(
        Engine(host: host), on: host, outbox: outbox, requests: requests)
    }

    /// Sends a request and returns what is sent back: types with contents.
    func ask(_ type: String, _ content: [(String, JSON)] = []) -> [(type: String, content: JSON)] {
      let request = Message(
        type + "_request", .object(content), to: nil, addresses: [], id: "1", session: "s", date: ""
      )
      _ = session.answer(request)
      return outbox.take().messages.map { ($0.type, $0.content) }
    }

    func execute(_ code: String) -> [(type: String, content: JSON)] {
      ask("execute", [("code", .string(code))])
    }

    func reply(_ type: String, _ content: [(String, JSON)]) -> JSON {
      ask(type, content).first { $0.type == type + "_reply" }?.content ?? .null
    }
  }

  @Test("an entry is busy, its input, what it gives, its reply, and idle")
  func execution() throws {
    let client = try Client()
    let sent = client.execute("print(\"a\")\nprint(\"b\")\n1 + 1")
    #expect(
      sent.map(\.type) == [
        "status", "execute_input", "stream", "execute_result", "execute_reply", "status",
      ])
    #expect(sent[0].content["execution_state"] == .string("busy"))
    #expect(sent[2].content["text"] == .string("a\nb\n"))
    #expect(sent[3].content["data"]?["text/plain"] == .string("2"))
    #expect(sent[4].content["execution_count"] == .number(1))
    #expect(sent[5].content["execution_state"] == .string("idle"))
  }

  @Test("an error is one message, whose text is that of the prompt, and the reply says the same")
  func errors() throws {
    let client = try Client()
    for code in ["1 + \"a\"", "nothing + 1", "let = 3"] {
      let sent = client.execute(code)
      let errors = sent.filter { $0.type == "error" }
      #expect(errors.count == 1)
      let reply = sent.first { $0.type == "execute_reply" }?.content
      #expect(reply?["status"] == .string("error"))
      #expect(reply?["ename"] == errors[0].content["ename"])
      #expect(reply?["traceback"]?.text.contains("explain: limbeck explain") == true)
    }
  }

  @Test("pictures have alternative texts, and progress is one display that is updated")
  func displays() throws {
    let client = try Client()
    let picture = client.execute("line([1, 2], title: \"T\")").first { $0.type == "display_data" }
    let data = picture?.content["data"]
    #expect(data?["text/plain"] == .string("T: line chart, 2 values"))
    #expect(data?["text/html"]?.text.contains("alt=") == true)
    #expect(data?["image/png"] != nil && data?["image/svg+xml"] != nil)
    let sent = client.execute(
      "let p = progress(0..2)\nfor x in p { print(x) }\np.finish()\nprint(\"after\")")
    let lines = sent.filter { $0.type.hasSuffix("display_data") }
    #expect(lines.first?.type == "display_data" && lines.count > 1)
    #expect(lines.dropFirst().allSatisfy { $0.type == "update_display_data" })
    #expect(Set(lines.map { $0.content["transient"]?.text ?? "" }).count == 1)
  }

  @Test("completion, inspection, completeness and history")
  func questions() throws {
    let client = try Client()
    _ = client.execute("let αlpha = [1]\nlet beta = 2")
    let found = client.reply("complete", [("code", .string("αl + 1")), ("cursor_pos", .number(2))])
    #expect(found["matches"] == .array([.string("αlpha")]))
    #expect(found["cursor_start"] == .number(0) && found["cursor_end"] == .number(2))
    let help = client.reply("inspect", [("code", .string("distill(")), ("cursor_pos", .number(8))])
    #expect(help["found"] == .bool(true))
    let none = client.reply("inspect", [("code", .string("1 + ")), ("cursor_pos", .number(4))])
    #expect(none["found"] == .bool(false))
    func state(_ code: String) -> JSON? {
      client.reply("is_complete", [("code", .string(code))])["status"]
    }
    #expect(state("fn f() {") == .string("incomplete"))
    #expect(state("1 +") == .string("incomplete"))
    #expect(state("let = 1") == .string("invalid"))
    #expect(state("1 + 1") == .string("complete"))
    let history = client.reply(
      "history", [("hist_access_type", .string("tail")), ("n", .number(1))])
    #expect(history["history"]?.text.contains("let beta = 2") == true)
    _ = client.execute("1 + 2")
    let searched = client.reply(
      "history",
      [
        ("hist_access_type", .string("search")), ("pattern", .string("1*2")),
        ("output", .bool(true)),
      ])
    #expect(searched["history"]?.text == "[[0,2,[\"1 + 2\",\"3\"]]]")
  }

  @Test("quit is told, and a silent entry publishes nothing")
  func quiet() throws {
    let client = try Client()
    let sent = client.ask("execute", [("code", .string("1 + 1")), ("silent", .bool(true))])
    #expect(sent.map(\.type) == ["status", "execute_reply", "status"])
    _ = client.execute("quit()")
    #expect(client.session.hasQuit)
  }

  @Test("a signature is that of RFC 4231")
  func signatures() throws {
    #expect(
      try Signature(key: Array("Jefe".utf8)).text(
        of: [Array("what do ya want ".utf8), [], Array("for nothing?".utf8)])
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test("the keys of a connection file encrypt; of others it is said what is wrong")
  func keys() throws {
    func file(_ keys: String) throws -> ConnectionFile {
      let ports = ["shell", "control", "iopub", "stdin", "hb"].map { "\"\($0)_port\": 1" }
      let text =
        #"{"transport": "tcp", "ip": "127.0.0.1", \#(ports.joined(separator: ", "))\#(keys)}"#
      return try ConnectionFile("c.json", host: MemoryHost(["c.json": Array(text.utf8)]))
    }
    let (one, two) = (String(repeating: "a", count: 40), String(repeating: "b", count: 40))
    let keys = #", "curve_publickey": "\#(one)", "curve_secretkey": "\#(two)""#
    #expect(try file("").encryption == nil)
    #expect(try file(keys).encryption == ZeroMQ.Keys(publicKey: one, secretKey: two))
    for wrong in [#", "curve_publickey": "\#(one)""#, keys.replacing("aa", with: "a")] {
      #expect(throws: Failure.self) { try file(wrong) }
    }
  }

  @Test("a message that is not signed with the key is not read")
  func messages() throws {
    let signature = try Signature(key: Array("secret".utf8))
    let other = try Signature(key: Array("other".utf8))
    let message = Message(
      "x_request", .object([("n", .number(3))]), to: nil, addresses: [[1]], id: "1", session: "s",
      date: "d")
    let parts = message.parts(signature: signature)
    #expect(Message(parts: parts, signature: signature)?.number("n") == 3)
    #expect(Message(parts: parts, signature: other) == nil)
    #expect(Message(parts: Array(parts.dropLast()), signature: signature) == nil)
  }
}
