import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Host

@Suite(.serialized) struct SystemHostTests {
  let host = SystemHost()
  let scratch = TemporaryFolder()

  private func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch {
      return error as? Failure
    }
  }

  @Test("what is written is read back, whole, in part, and after appending")
  func roundTrip() throws {
    let path = "\(scratch.path)/a.bin"
    let bytes = (0..<100_000).map { UInt8($0 & 255) }
    try host.write(bytes, to: path)
    #expect(try host.read(path) == bytes)
    #expect(try host.read(path, first: 10) == Array(bytes[..<10]))
    #expect(try host.read(path, first: 1 << 40) == bytes)
    try host.append([1, 2], to: path)
    #expect(try host.read(path) == bytes + [1, 2])
    #expect(try host.list(scratch.path) == ["a.bin"])
  }

  @Test("what is appended makes a file that others may read, unless it is private")
  func appending() throws {
    let mask = umask(0o022)
    defer { umask(mask) }
    for isPrivate in [false, true] {
      let path = "\(scratch.path)/\(isPrivate).log"
      for byte in UInt8(1)...3 { try host.append([byte], to: path, isPrivate: isPrivate) }
      #expect(try host.read(path) == [1, 2, 3])
      var info = stat()
      try #require(stat(path, &info) == 0)
      #expect(info.st_mode & 0o777 == (isPrivate ? 0o600 : 0o644))
    }
  }

  @Test("a file without a size, such as those of /proc, is read to its end")
  func sizeless() throws {
    #expect(try !host.read("/proc/self/status").isEmpty)
    #expect(try host.readStream("/dev/null").isEmpty)
  }

  @Test("a file that is not regular is an error at once, unless a stream is expected")
  func special() throws {
    let pipe = "\(scratch.path)/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let reads: [(String) throws -> Void] = [
      { _ = try host.read($0) }, { _ = try host.read($0, first: 10) },
      { _ = try host.read($0, at: 5, count: 10) }, { _ = try host.readText($0) },
    ]
    for read in reads {
      #expect(
        failure { try read(pipe) }?.message
          == "read: \(pipe) is a pipe, not a regular file")
      #expect(failure { try read("/dev/zero") }?.kind == "file-special")
    }
    // A script may come from a pipe. Its writer waits for the reader, so it is another process.
    let link = "\(scratch.path)/link"
    symlink("pipe", link)
    #expect(system("printf 'print 1' > \(pipe) &") == 0)
    #expect(try host.readScript(link) == "print 1")
  }

  @Test("a file larger than the memory is refused before anything is allocated")
  func larger() throws {
    let path = "\(scratch.path)/sparse"
    try host.write([1], to: path)
    try #require(truncate(path, 1 << 42) == 0)
    #expect(failure { _ = try host.read(path) }?.kind == "out-of-memory")
    #expect(failure { _ = try host.read(path, at: 1, count: .max) }?.kind == "out-of-memory")
    #expect(try host.read(path, first: 2) == [1, 0])
  }

  @Test("a stamp tells a file from what takes its place and from what it was")
  func stamps() throws {
    let path = "\(scratch.path)/a"
    try host.write([1], to: path)
    let first = host.stamp(of: path)
    #expect(first != nil && first == host.stamp(of: path))
    try host.write([2], to: path)
    #expect(host.stamp(of: path) != first)
    #expect(host.stamp(of: path + "x") == nil)
  }

  @Test("writing keeps a file's mode and its symbolic link")
  func keeps() throws {
    let path = "\(scratch.path)/real"
    let link = "\(scratch.path)/link"
    try host.write([1], to: path)
    chmod(path, 0o640)
    symlink("real", link)
    try host.write([2], to: link)
    #expect(try host.read(path) == [2])
    var info = stat()
    lstat(link, &info)
    #expect(info.st_mode & S_IFMT == S_IFLNK)
    stat(path, &info)
    #expect(info.st_mode & 0o777 == 0o640)
    #expect(try host.list(scratch.path) == ["link", "real"])
  }

  @Test("errors name the path and what to do")
  func errors() throws {
    let folder = scratch.path
    try host.write([1], to: "\(folder)/file")
    let cases: [(String, String, () throws -> Void)] = [
      ("file-missing", "\(folder)/x does not exist", { _ = try host.read("\(folder)/x") }),
      (
        "file-missing", "the folder \(folder)/none does not exist",
        { try host.write([], to: "\(folder)/none/x.png") }
      ),
      ("file-is-folder", "is a folder", { _ = try host.read(folder) }),
      ("file-is-folder", "is a folder", { try host.write([], to: folder) }),
      ("file-missing", "is a file, not a folder", { try host.write([], to: "\(folder)/file/x") }),
      ("file-is-no-folder", "not a folder", { _ = try host.list("\(folder)/file") }),
      ("file-exists", "in the way", { try host.makeFolder("\(folder)/file") }),
      ("disk-full", "the disk is full", { try host.write([1], to: "/dev/full") }),
      ("file-missing", "the path is empty", { _ = try host.read("") }),
      (
        "file-name", "too long",
        { try host.write([], to: "\(folder)/" + String(repeating: "x", count: 300)) }
      ),
    ]
    for (kind, words, body) in cases {
      let failure = failure(body)
      #expect(failure?.kind == kind)
      #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "no error")")
    }
  }

  @Test(
    "a folder without permission is an error, and leaves nothing behind",
    .disabled(if: getuid() == 0, "root may write anywhere"))
  func permission() throws {
    chmod(scratch.path, 0o500)
    #expect(failure { try host.write([1], to: "\(scratch.path)/x") }?.kind == "file-permission")
    chmod(scratch.path, 0o700)
    #expect(try host.list(scratch.path).isEmpty)
  }

  @Test("folders are made with those above them, and again")
  func folders() throws {
    let path = "\(scratch.path)/a/b/c"
    try host.makeFolder(path)
    try host.makeFolder(path)
    #expect(host.kind(of: path) == .folder)
    #expect(host.kind(of: path + "/x") == nil)
  }

  @Test("a reader that goes away asks the computation to stop, and no signal kills it")
  func closedReader() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let stops = Atomic<Int>(0)
    let stream = OutputStream(descriptor: ends[1]) { stops.add(1, ordering: .relaxed) }
    stream.write("x", atOnce: true)
    #expect(stream.failure?.kind == "output-closed")
    stream.write("y", atOnce: true)
    #expect(stops.load(ordering: .relaxed) == 1)
    close(ends[1])
  }

  @Test("output comes out by itself, in order")
  func output() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let stream = OutputStream(descriptor: ends[1]) {}
    for i in 0..<100 { stream.write("\(i)\n", atOnce: false) }
    var got = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !got.hasSuffix("99\n") {
      let count = read(ends[0], &buffer, buffer.count)
      try #require(count > 0)
      got += String(decoding: buffer[..<count], as: UTF8.self)
    }
    #expect(got == (0..<100).map { "\($0)\n" }.joined())
    close(ends[0])
    close(ends[1])
  }
}
