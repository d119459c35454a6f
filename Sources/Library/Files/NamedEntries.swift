import Host
import Language

extension Library {
  /// The map of a file's entries, after a note for each that has no value here. Throws the reason of the
  /// first of these where no entry is left.
  func map(of entries: [(name: String, value: Value)], leftOut: [Failure]) throws -> Value {
    if entries.isEmpty, let first = leftOut.first { throw first }
    for failure in leftOut { note(failure.message) }
    var map = Entries()
    for (name, value) in entries { map[.string(name)] = value }
    return .map(Map(map))
  }
}
