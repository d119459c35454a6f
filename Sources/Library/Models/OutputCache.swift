import Tensors

/// The logits that `outputs` has computed, by the digest of the model and what the view's records hold.
/// So an entry can't be stale; the least recently used go when there are many.
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
