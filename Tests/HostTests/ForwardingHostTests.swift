import TestSupport
import Testing

@testable import Host

struct ForwardingHostTests {
  private let scratch = TemporaryFolder()

  /// A wrapper that only counts what is printed.
  private final class Recorder: ForwardingHost {
    var printed = 0
    override func output(_ text: String) { printed += text.utf8.count }
  }

  @Test("a wrapper that overrides one thing loses no other")
  func forwards() throws {
    let recorder = Recorder(SystemHost())
    let path = scratch.path + "/a/b.txt"
    try recorder.makeFolder(scratch.path + "/a")
    try recorder.write([1, 2, 3], to: path)
    let stamp = recorder.stamp(of: path)
    #expect(stamp != nil)
    try recorder.append([4], to: path)
    #expect(recorder.stamp(of: path) != stamp)
    #expect(try recorder.read(path) == [1, 2, 3, 4])
    #expect(try recorder.readStream(path) == [1, 2, 3, 4])
    #expect(try recorder.read(path, first: 2) == [1, 2])
    #expect(try recorder.read(path, at: 1, count: 2) == [2, 3])
    #expect(try recorder.open(path).bytes(at: 1) == [2, 3, 4])
    try recorder.write(to: scratch.path + "/parts") { write in
      for part in [[1, 2], [], [3]] as [[UInt8]] { try part.withUnsafeBytes(write) }
    }
    #expect(try recorder.read(scratch.path + "/parts") == [1, 2, 3])
    #expect(throws: Failure.self) {
      try recorder.write(to: scratch.path + "/parts") { write in
        try ([9] as [UInt8]).withUnsafeBytes(write)
        throw Failure("test", "no more")
      }
    }
    #expect(try recorder.read(scratch.path + "/parts") == [1, 2, 3])
    try recorder.remove(scratch.path + "/parts")
    #expect(try recorder.size(of: path) == 4)
    #expect(try recorder.list(scratch.path) == ["a"])
    #expect(recorder.kind(of: path) == .file)
    let before = try recorder.modified(path)
    recorder.touch(path)
    #expect(try recorder.modified(path) >= before)
    #expect(recorder.hold(scratch.path + "/a", alone: true) != nil)
    #expect(recorder.hasLocks(scratch.path + "/a"))
    try recorder.remove(path)
    #expect(recorder.kind(of: path) == nil)
    #expect(recorder.environment("PATH") == SystemHost().environment("PATH"))
    #expect(recorder.workingFolder == SystemHost().workingFolder)
    #expect(recorder.clock() > 0)
    #expect(recorder.now() > 1.7e9)
    #expect(recorder.output(ofProgram: ["echo", "a b"]) == "a b\n")
    #expect(recorder.output(ofProgram: ["false"]) == nil)
    #expect(recorder.output(ofProgram: ["no-such-program"]) == nil)
    #expect(recorder.timestamp().count == 19)
    recorder.output("hello")
    #expect(recorder.printed == 5)
  }

  @Test("two hosts over one have a folder each for relative paths")
  func folders() throws {
    let system = SystemHost()
    for name in ["one", "two"] {
      try system.makeFolder("\(scratch.path)/\(name)/inside")
      let host = FolderHost(system, folder: "\(scratch.path)/\(name)")
      try host.write(Array(name.utf8), to: "inside/a.txt")
      #expect(host.workingFolder == "\(scratch.path)/\(name)")
      #expect(try Glob.paths("*/a.txt", host: host) == ["inside/a.txt"])
    }
    #expect(try system.readText("\(scratch.path)/one/inside/a.txt") == "one")
    let inner = FolderHost(FolderHost(system, folder: scratch.path), folder: "two")
    #expect(try inner.readText("inside/a.txt") == "two")
    #expect(try inner.readText("\(scratch.path)/one/inside/a.txt") == "one")
  }
}
