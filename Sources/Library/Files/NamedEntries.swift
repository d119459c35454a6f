import Host
import Language

extension Library {
  /// Returns the map of a file's entries, after writing a note for each entry that has no
  /// equivalent value.
  func map(of entries: [(name: String, value: Value)], leftOut: [Failure]) -> Value {
    for failure in leftOut { note(failure.message) }
    var map = Entries()
    for (name, value) in entries { map[.string(name)] = value }
    return .map(Map(map))
  }
}
