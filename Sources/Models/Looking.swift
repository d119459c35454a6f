import Gradients
import Host

/// The outputs of some layers, kept while a network runs.
final class Looking {
  /// Thrown to end a pass when the last output has been kept. It is no failure, so that a script's
  /// `try` does not catch it.
  struct Done: Error {}

  private let paths: Set<String>
  private(set) var found: [String: Output] = [:]

  /// `paths` are those of layers; the empty one is the network itself.
  init(_ paths: Set<String>) { self.paths = paths }

  func wants(_ path: String) -> Bool { paths.contains(path) }

  /// Keeps the output of the layer at a path if it is wanted: that of its first run. Throws `Done`
  /// if it was the last one.
  func note(_ y: Output, at path: String) throws {
    guard wants(path), found[path] == nil else { return }
    found[path] = y
    if found.count == paths.count { throw Done() }
  }
}

extension Layer {
  /// What the layers at some paths give for a batch, in one pass, which ends behind the last of
  /// them; `output` is what the network gives, if no layer is called so. Layers that are looked at
  /// are not computed together with those behind them. Throws `key-missing` for a path where there
  /// is no layer, and `not-run` for a layer that the network's forward function does not call.
  public func features(_ x: Variable, at names: [String], training: Bool? = nil) throws -> [Output]
  {
    let paths = try names.map { name in
      if case .layer? = part(at: name) { return name }
      guard name == "output" else { throw noPart(name) }
      return ""
    }
    let looking = Looking(Set(paths))
    do { _ = try run(x, training, looking) } catch is Looking.Done {}
    return try zip(names, paths).map { name, path in
      guard let output = looking.found[path] else {
        throw Failure("not-run", "\"\(name)\" is not called by the model's forward function")
      }
      return output
    }
  }
}
