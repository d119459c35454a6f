import Tensors

/// The logits that `outputs` has computed, keyed by the digest of the model and the content of the
/// view's records, so that an entry can never be stale. When there are many entries, the least
/// recently used ones are removed.
final class OutputCache {
  private var entries: [(key: String, logits: Tensor)] = []
  private let budget = 1 << 30

  subscript(_ key: String) -> Tensor? {
    guard let i = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = entries.remove(at: i)
    entries.append(entry)
    return entry.logits
  }

  func keep(_ logits: Tensor, for key: String) {
    entries.append((key, logits))
    var bytes = entries.reduce(0) { $0 + $1.logits.byteCount }
    while bytes > budget, entries.count > 1 {
      bytes -= entries.removeFirst().logits.byteCount
    }
  }
}
