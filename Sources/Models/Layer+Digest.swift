import Gradients
import Host
import Tensors

extension Layer {
  /// Adds all that the network's outputs and its further training depend on: how it is built, which layers
  /// are one, weights and what goes with them, what is frozen, the classes' names. Scripts' functions are
  /// in `scripts`.
  public func addContent(to digest: inout Digest) {
    visit(
      { layer, path in
        digest.add(path)
        digest.add(layer.architecture?.text ?? layer.label)
      },
      again: { path, first in
        digest.add(path)
        digest.add(first)
      })
    digest.add(fingerprint)
    for (path, parameter) in parameters where parameter.isFrozen { digest.add(path) }
    for (path, setting) in settings {
      digest.add(path)
      digest.add(setting.value.bitPattern)
    }
    for name in classes ?? [] { digest.add(name) }
  }

  /// The functions of scripts that it runs, in the order of their places.
  public var scripts: [Any] { descendants.compactMap(\.script) }
}
