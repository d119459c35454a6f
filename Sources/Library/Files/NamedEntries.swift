import Host
import Language

/// The entries of a file that holds several: those that have no value here are left out, and said.
struct NamedEntries {
  private var entries = Entries()
  private var leftOut: [Failure] = []

  /// Adds an entry; leaves it out where `value` throws `element-type`, and throws all else.
  mutating func add(_ name: String, _ value: () throws -> Value) throws {
    do {
      entries[.string(name)] = try value()
    } catch let failure as Failure where failure.kind == "element-type" {
      leftOut.append(failure)
    }
  }

  /// Notes an entry that has no value.
  mutating func leaveOut(_ reason: Failure) { leftOut.append(reason) }

  /// The map of all entries, after a note for each that was left out. Throws the reason of the first where
  /// none is left.
  func map(_ library: Library) throws -> Value {
    let map = Map(entries)
    if map.entries.isEmpty, let first = leftOut.first { throw first }
    for failure in leftOut { library.note(failure.message) }
    return .map(map)
  }
}
