import Gradients
import Host
import Tensors

extension Layer {
  /// Adds everything that the network's outputs and its further training depend on: its structure,
  /// which layers are shared, the weights and the settings that accompany them, which parameters
  /// are frozen, and the class names. Script functions are in `scripts`.
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
    for rule in freezing {
      digest.add(rule.pattern.text)
      digest.add(rule.isFrozen ? 1 : 0)
    }
    for (path, setting) in settings {
      digest.add(path)
      digest.add(setting.value.bitPattern)
    }
    for name in classes ?? [] { digest.add(name) }
  }

  /// The script functions that the network runs, in the order of their positions.
  public var scripts: [Any] { scriptsByPath.map(\.script) }

  /// The script functions with the paths of their layers.
  public var scriptsByPath: [(path: String, script: Any)] {
    var all: [(path: String, script: Any)] = []
    visit { layer, prefix in
      if let script = layer.script { all.append((String(prefix.dropLast()), script)) }
    }
    return all
  }
}
