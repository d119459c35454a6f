import Glibc

/// The limits of the process's control group, as set by containers.
public enum ControlGroup {
  /// The words of the first line of a file in /sys/fs/cgroup; empty if it cannot be read.
  public static func words(_ name: String) -> [String] {
    guard let file = fopen("/sys/fs/cgroup/" + name, "r") else { return [] }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return [] }
    return String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
