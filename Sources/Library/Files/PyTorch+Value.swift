import Formats
import Host
import Language

extension FileFormat {
  /// What `torch.save` wrote: maps, lists, numbers, strings and tensors.
  static let torch = FileFormat(reading: { file, path, library in
    try PyTorchFile(file, path: path).value().value(for: library)
  })
}

extension PickleValue {
  /// The value of the language. What is left out of a map or is nil in a list, since no tensor can
  /// hold it, is named in a note. Throws the reason if that is all.
  fileprivate func value(for library: Library) throws -> Value {
    var leftOut: [Failure] = []
    let value = value(&leftOut)
    if case .unread(let failure) = self { throw failure }
    for failure in leftOut { library.note(failure.message) }
    return value
  }

  private func value(_ leftOut: inout [Failure]) -> Value {
    switch self {
    case .none: return .nil
    case .bool(let x): return .bool(x)
    case .number(let x): return .number(x)
    case .string(let text): return Value(text)
    case .bytes(let bytes): return .list(List(bytes.map { .number(Double($0)) }))
    case .tensor(let tensor): return Value(tensor)
    case .list(let items): return .list(List(items.map { $0.value(&leftOut) }))
    case .dict(let pairs):
      var entries = Entries()
      for (key, item) in pairs {
        if case .unread(let failure) = item {
          leftOut.append(failure)
        } else if let key = Map.Key(key.value(&leftOut)) {
          entries[key] = item.value(&leftOut)
        } else {
          leftOut.append(
            Failure(
              "element-type",
              "an entry of a dict is left out: its key is neither a text nor a number"))
        }
      }
      return .map(Map(entries))
    case .unread(let failure):
      leftOut.append(failure)
      return .nil
    }
  }
}
