import Glibc
import Host

/// A host with the given files in memory; all other operations do nothing.
package final class MemoryHost: Host {
  /// The contents of the files by path.
  package var files: [String: [UInt8]]
  /// Whether files that are not in memory are read from the disk.
  package let readsDisk: Bool

  /// The environment variables.
  package var variables: [String: String] = [:]

  /// Creates a host with the given files.
  package init(_ files: [String: [UInt8]] = [:], readsDisk: Bool = false) {
    self.files = files
    self.readsDisk = readsDisk
  }

  package func read(_ path: String) throws -> [UInt8] {
    if let bytes = files[path] { return bytes }
    if readsDisk, let file = fopen(path, "r") {
      defer { fclose(file) }
      fseek(file, 0, SEEK_END)
      var bytes = [UInt8](repeating: 0, count: max(0, ftell(file)))
      rewind(file)
      if fread(&bytes, 1, bytes.count, file) == bytes.count { return bytes }
    }
    throw Failure("file-missing", "there is no file \(path)")
  }
  package func read(_ path: String, first count: Int) throws -> [UInt8] {
    Array(try read(path).prefix(count))
  }
  package func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    Array(try read(path).dropFirst(offset).prefix(count))
  }
  package func open(_ path: String) throws -> any OpenFile { FileInMemory(try read(path)) }
  package func readStream(_ path: String) throws -> [UInt8] { try read(path) }
  package func size(of path: String) throws -> Int { try read(path).count }
  package func stamp(of path: String) -> FileStamp? {
    files[path].map { FileStamp(size: $0.count, modified: $0.hashValue, number: 0) }
  }
  package func list(_ path: String) throws -> [String] {
    let folder = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
    let inside = files.keys.filter { $0.hasPrefix(folder) }.map {
      String($0.dropFirst(folder.count).prefix { $0 != "/" })
    }
    if inside.isEmpty { throw Failure("file-missing", "there is no folder \(path)") }
    return Set(inside).sorted()
  }
  package func kind(of path: String) -> FileKind? {
    if files[path] != nil { return .file }
    if files.keys.contains(where: { $0.hasPrefix(path + "/") }) { return .folder }
    return readsDisk && access(path, R_OK) == 0 ? .file : nil
  }
  package func write(_ bytes: [UInt8], to path: String) throws { files[path] = bytes }
  package func write(to path: String, _ parts: FileParts) throws {
    var bytes: [UInt8] = []
    try parts { bytes += $0 }
    files[path] = bytes
  }
  package func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
    files[path, default: []] += bytes
  }
  package func move(_ path: String, to other: String) throws {
    files[other] = try read(path)
    files[path] = nil
  }
  package func remove(_ path: String) throws { files[path] = nil }
  package func makeFolder(_ path: String) throws {}
  package func modified(_ path: String) throws -> Double { 0 }
  package func touch(_ path: String) {}
  // No other process uses these files. A folder that is held alone would be removed, so this is
  // never granted.
  package func hold(_ folder: String, alone: Bool) -> Hold? { alone ? nil : Hold() }
  package func hasLocks(_ folder: String) -> Bool { false }
  package var workingFolder: String { "/" }
  package func environment(_ name: String) -> String? { variables[name] }
  package func output(_ text: String) {}
  package func report(_ text: String) {}
  package var outputIsTerminal: Bool { false }
  package var reportIsTerminal: Bool { false }
  package var columns: Int { 80 }
  package func show(_ display: Display) -> Shown { .nowhere }
  package var redrawsLine: Bool { false }
  package func redraw(_ line: String, isLast: Bool) {}
  package func clock() -> Double { 0 }
  package func now() -> Double { 0 }
  package func output(ofProgram arguments: [String]) -> String? { nil }
  package func timestamp() -> String { "2026-11-22T23-39-37" }
}
