import Gradients
import Host

/// The outputs of some layers, kept while a network runs.
final class Looking {
  /// Thrown to end a pass when the last output has been kept. It is not a failure, so that a script's
  /// `try` does not catch it.
  struct Done: Error {}

  private let paths: Set<String>
  private(set) var found: [String: Output] = [:]

  /// `paths` are those of layers; the empty one is the network itself.
  init(_ paths: Set<String>) { self.paths = paths }

  func wants(_ path: String) -> Bool { paths.contains(path) }

  /// Keeps the output of the layer at a path if it is wanted: that of its first run. Throws `Done`
  /// if it was the last one, unless it is the network's own, behind which there is nothing.
  func note(_ y: Output, at path: String) throws {
    guard wants(path), found[path] == nil else { return }
    found[path] = y
    if found.count == paths.count, !path.isEmpty { throw Done() }
  }
}
