import Host
import Language
import Syntax
import Testing

@testable import Library

/// `use` at the prompt of a file that was edited.
struct EditedFileTests {
  private let session = TestSession()
  private let globals = Globals()
  private let checker: Checker

  init() throws {
    checker = Checker(modules: session.machine.world.modules)
    try write("base", "fn value() { 1 }")
    try write("mid", "use \"./base.lbk\"\nfn ten() { 10 * base.value() }")
  }

  private func write(_ name: String, _ text: String) throws {
    try session.host.write(Array(text.utf8), to: "\(name).lbk")
  }

  /// Runs an entry as the prompt does; returns what was reloaded and its value.
  @discardableResult
  private func enter(_ text: String) throws -> (refreshed: Machine.Refreshed, value: Value) {
    let parsed = Parser.parse(
      Source(name: "<prompt>", text: text, folder: session.host.workingFolder),
      mode: .prompt(afterLet: nil))
    let script = checker.check(parsed, mode: .prompt(globals))
    if let problem = script.diagnostics.first(where: { $0.severity == .error }) { throw problem }
    let refreshed = try session.machine.refresh(globals)
    return (refreshed, try session.machine.run(script, in: globals))
  }

  @Test func itIsReadAnewWithWhatUsesIt() throws {
    try enter(
      "use \"./mid.lbk\"\nuse \"./base.lbk\"\nlet kept = mid.ten\nfn now() { mid.ten() + base.value() }"
    )
    #expect(try enter("use \"./base.lbk\"").refreshed.files.isEmpty)
    try write("base", "fn value() { 2 }\nfn more() { 3 }")
    let refreshed = try enter("use \"./mid.lbk\"").refreshed
    #expect(refreshed.files.sorted() == ["./base.lbk", "./mid.lbk"])
    #expect(refreshed.kept == ["kept"])
    #expect(try enter("[now(), kept(), base.more()]").value.printed == "[22, 10, 3]")
  }

  @Test(arguments: ["fn value() { 2", "fn value() { valu() }", "fn value() { 2 }\nlet x = [1][5]"])
  func aTextWithAnErrorLeavesTheOld(_ text: String) throws {
    try enter("use \"./mid.lbk\"")
    try enter("use \"./base.lbk\"")
    try write("base", text)
    #expect(throws: Diagnostic.self) { try enter("use \"./base.lbk\"") }
    #expect(try enter("mid.ten() + base.value()").value.printed == "11")
    try write("base", "fn value() { 4 }")
    try enter("use \"./base.lbk\"")
    #expect(try enter("mid.ten() + base.value()").value.printed == "44")
  }
}
