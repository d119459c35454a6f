import Formats
import Host

/// The layers created from a file's description, so that a layer used in several places is shared
/// again.
final class SharedLayers {
  /// The paths where a layer occurs again, with the path of its first occurrence.
  private let firsts: [String: String]
  /// The names of the file's tensors, in order.
  private let names: [String]
  private var made: [String: Layer] = [:]
  private var described: [String: String] = [:]

  /// `firsts` is taken from the file's metadata; `names` are the names of its tensors.
  init(firsts: [String: String], names: [String]) {
    self.firsts = firsts
    self.names = names.sorted()
  }

  /// The layer at a path if it repeats one that was already created.
  func layer(at path: String, _ json: JSON, file: String) throws -> Layer? {
    if let first = firsts[path] {
      guard let layer = made[first] else {
        throw Failure(
          "file-format", "\(file): its layer \"\(path)\" should be \"\(first)\", which is not there"
        )
      }
      return layer
    }
    // Files of the first format do not record sharing. Layers with random weights have distinct
    // keys, so a second layer with the same key and no weights in the file is the first one.
    let text = json.text
    guard text.contains("\"key\""), let first = described[text], holdsTensors(first),
      !holdsTensors(path)
    else { return nil }
    return made[first]
  }

  func note(_ layer: Layer, at path: String, _ json: JSON) {
    made[path] = layer
    let text = json.text
    if described[text] == nil { described[text] = path }
  }

  /// Whether the file contains a tensor of the layer at a path.
  private func holdsTensors(_ path: String) -> Bool {
    let prefix = path + "."
    var (low, high) = (0, names.count)
    while low < high {
      let middle = (low + high) / 2
      if names[middle] < prefix { low = middle + 1 } else { high = middle }
    }
    return low < names.count && names[low].hasPrefix(prefix)
  }
}
