import Host

/// A pattern of paths of parameters: `conv*`, `*.bias`, `body.0`. `*` is any text. A pattern that
/// matches the path of a layer stands for all parameters below it.
public struct PathPattern: Equatable, Sendable {
  /// The pattern as written.
  public let text: String

  /// Creates a pattern.
  public init(_ text: String) { self.text = text }

  /// Whether it matches the path of a parameter, or of a layer that the parameter is in.
  public func matches(_ path: String) -> Bool {
    let pattern = Array(text.utf8)
    return PathPattern.matches(pattern, path)
      || PathPattern.matches(pattern + Array(".*".utf8), path)
  }

  /// Follows the pattern through the path, going back to the last `*` where they differ.
  private static func matches(_ pattern: [UInt8], _ path: String) -> Bool {
    let (path, star) = (Array(path.utf8), UInt8(ascii: "*"))
    var (i, j) = (0, 0)
    var last: (pattern: Int, path: Int)?
    while j < path.count {
      if i < pattern.count, pattern[i] == star {
        last = (i, j)
        i += 1
      } else if i < pattern.count, pattern[i] == path[j] {
        (i, j) = (i + 1, j + 1)
      } else if let (p, q) = last {
        (i, j) = (p + 1, q + 1)
        last = (p, q + 1)
      } else {
        return false
      }
    }
    return pattern[i...].allSatisfy { $0 == star }
  }
}

extension PathPattern {
  /// The error for a pattern that matches none of the paths.
  func unmatched(by paths: [String], caller: String) -> Failure {
    let shown = paths.prefix(4).map { "\"\($0)\"" }.joined(separator: ", ")
    return Failure(
      "pattern", "\(caller): no parameter matches \"\(text)\"",
      hint: paths.isEmpty
        ? "there are no parameters"
        : "there are \(shown)" + (paths.count > 4 ? " and \(paths.count - 4) more" : ""))
  }
}

/// A pattern by which parameters were excluded from training, or included again.
struct Freezing {
  let pattern: PathPattern
  let isFrozen: Bool
}
