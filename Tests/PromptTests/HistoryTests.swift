import Host
import TestSupport
import Testing

@testable import Prompt

/// The history and its file.
@Suite struct HistoryTests {
  private let temporary = TemporaryFolder()
  private var path: String { temporary.path + "/state/history" }

  @Test("entries come back with how they ended, for how long they ran and where")
  func roundTrip() {
    let host = SystemHost()
    let history = History(path: path, host: host)
    let first = history.add("let a = \"\\n\"\n\tprint(a)")
    let second = history.add("boom()")
    _ = history.add("while true { }")
    history.end(first, .done, seconds: 2.5)
    history.end(second, .failed, seconds: 0)
    let read = History(path: path, host: host)
    #expect(read.entries == history.entries)
    #expect(read.entries.map(\.outcome) == [.done, .failed, .unfinished])
    #expect(read.entries[0].seconds == 2.5 && read.entries[0].folder == host.workingFolder)
    #expect(read.ofSession.isEmpty && history.ofSession.count == 3)
  }

  @Test("several prompts write to it at the same time")
  func shared() {
    let host = SystemHost()
    let (one, other) = (History(path: path, host: host), History(path: path, host: host))
    let a = one.add("a")
    let b = other.add("b")
    one.end(a, .failed, seconds: 0)
    other.end(b, .done, seconds: 0)
    let read = History(path: path, host: host)
    #expect(read.entries.map(\.text) == ["a", "b"])
    #expect(read.entries.map(\.outcome) == [.failed, .done])
  }

  @Test(
    "lines of earlier versions are entries, and a long file is shortened when nobody else uses it")
  func long() throws {
    let host = SystemHost()
    try host.makeFolder(temporary.path + "/state")
    let old = (0..<20_001).map { "entry \($0)\\nx\n" }.joined()
    try host.write(Array(old.utf8), to: path)
    do {
      let other = History(path: path + "-other", host: host)
      #expect(History(path: path, host: host).entries.count == 10_000)
      #expect(try host.size(of: path) == old.utf8.count)
      withExtendedLifetime(other) {}
    }
    #expect(History(path: path, host: host).entries.last?.text == "entry 20000\nx")
    let again = History(path: path, host: host)
    #expect(again.entries.count == 10_000 && again.entries[0].text == "entry 10001\nx")
    #expect(try host.size(of: path) != old.utf8.count)
  }
}
