import Host

/// Finds the state dict in the content of a PyTorch file.
struct StateDicts {
  private let objects: PickleObjects

  init(_ objects: PickleObjects) { self.objects = objects }

  /// The keys under which checkpoints keep the state dict of their model.
  private static let usual: Set = [
    "state_dict", "model_state_dict", "model", "model_state", "net", "network", "module", "weights",
    "params",
  ]

  /// The state dict. Throws `file-format` if there is none, and with the candidates if there are
  /// several.
  func only(in name: String) throws -> PickleItem {
    var item = objects.root
    // A checkpoint can be within another.
    for _ in 0..<8 {
      let named = (objects.entries(item) ?? []).filter { key, value in
        if case .string(let key) = key, StateDicts.usual.contains(key) {
          return !candidates(value).isEmpty
        }
        return false
      }
      guard named.count == 1 else { break }
      item = named[0].value
    }
    let found = candidates(item)
    if found.count == 1 { return found[0].item }
    guard !found.isEmpty else {
      throw Failure(
        "file-format", "\(name) has no dict of tensors by name",
        hint: "read(path) gives what it has")
    }
    let listed = found.prefix(6).map { "\($0.path) (\($0.count) tensors)" }
    throw Failure(
      "file-format",
      "\(name) has several dicts of tensors: \(listed.joined(separator: ", "))"
        + (found.count > 6 ? " and \(found.count - 6) more" : ""),
      hint: """
        write one of them to a file of its own: write(read(path)\(found[0].path), "x.safetensors"), then \
        load("x.safetensors", into: g)
        """)
  }

  private typealias Candidate = (path: String, item: PickleItem, count: Int)

  /// The dicts with tensors by name in a value; one that has others in it is not among them.
  private func candidates(_ item: PickleItem, _ path: String = "", depth: Int = 0) -> [Candidate] {
    guard depth < 8, let entries = objects.entries(item) else { return [] }
    var inner: [Candidate] = []
    var count = 0
    for case (.string(let key), let value) in entries {
      switch value {
      case .tensor, .unread: count += 1
      default: inner += candidates(value, "\(path)[\"\(key)\"]", depth: depth + 1)
      }
      if inner.count > 1000 { break }
    }
    return inner.isEmpty && count > 0 ? [(path, item, count)] : inner
  }
}
