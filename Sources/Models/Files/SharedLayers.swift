import Formats
import Host

/// The layers that a file's description made, so that one which stands in several places is one again.
final class SharedLayers {
  /// The places where a layer stands again, with its first.
  private let firsts: [String: String]
  /// The names of the file's tensors, in order.
  private let names: [String]
  private var made: [String: Layer] = [:]
  private var described: [String: String] = [:]

  /// `firsts` is what the file says, `names` what it holds.
  init(firsts: [String: String], names: [String]) {
    self.firsts = firsts
    self.names = names.sorted()
  }

  /// The layer at a path, if it is one that was made.
  func layer(at path: String, _ json: JSON, file: String) throws -> Layer? {
    if let first = firsts[path] {
      guard let layer = made[first] else {
        throw Failure(
          "file-format", "\(file): its layer \"\(path)\" should be \"\(first)\", which is not there"
        )
      }
      return layer
    }
    // Files of the first format do not say so. Layers that draw their weights have keys of their own: a
    // second one of the same key without weights in the file is the first.
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

  /// Whether the file has a tensor of the layer at a path.
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
