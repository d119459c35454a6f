import Tensors

/// What `outputs` has computed, keyed by the digest of the model, the content of the view's records
/// and the place in the model, so that an entry can never be stale. When there are many entries, the
/// least recently used ones are removed.
final class OutputCache {
  private var entries: [(key: String, rows: Tensor)] = []
  private let budget = 1 << 30

  subscript(_ key: String) -> Tensor? {
    guard let i = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = entries.remove(at: i)
    entries.append(entry)
    return entry.rows
  }

  func keep(_ rows: Tensor, for key: String) {
    entries.append((key, rows))
    var bytes = entries.reduce(0) { $0 + $1.rows.byteCount }
    while bytes > budget, entries.count > 1 {
      bytes -= entries.removeFirst().rows.byteCount
    }
  }
}
