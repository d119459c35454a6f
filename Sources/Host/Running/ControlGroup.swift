import Glibc

/// The limits of the process's control group, as containers have them.
public enum ControlGroup {
  /// The words of the first line of a file of /sys/fs/cgroup; none where it can't be read.
  public static func words(_ name: String) -> [String] {
    guard let file = fopen("/sys/fs/cgroup/" + name, "r") else { return [] }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return [] }
    return String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
