import Glibc
import Host
import Tensors

/// What chains of fixed transforms have made of records, kept for the process within a byte budget.
/// When it is full, the chain used least recently goes first; a chain that alone exceeds the budget
/// keeps its first records, which serves repeated passes better than keeping the last.
public final class RenderCache: @unchecked Sendable {
  /// The one that views use.
  public static let shared = RenderCache(budget: min(Memory.limit / 4, 8_000_000_000))

  private final class Store {
    var samples: [Int: Sample] = [:]
    var bytes = 0
    var lastUse = 0
  }

  // SAFETY: all members are guarded by `lock`.
  private var stores: [String: Store] = [:]
  private var used = 0
  private var clock = 0
  private var most: Int
  private var lock = pthread_mutex_t()

  init(budget: Int) {
    most = budget
    pthread_mutex_init(&lock, nil)
  }
  deinit { pthread_mutex_destroy(&lock) }

  /// The most bytes it may hold.
  public var budget: Int {
    get { locked { most } }
    set {
      locked {
        most = newValue
        makeRoom(for: 0, sparing: nil)
      }
    }
  }

  /// Bytes it holds.
  public var byteCount: Int { locked { used } }

  /// Forgets everything.
  public func removeAll() {
    locked {
      stores = [:]
      used = 0
    }
  }

  /// What is kept of these records of a chain, nil where there is nothing.
  func samples(_ records: [Int], of key: String) -> [Sample?] {
    locked {
      guard let store = stores[key] else { return [Sample?](repeating: nil, count: records.count) }
      clock += 1
      store.lastUse = clock
      return records.map { store.samples[$0] }
    }
  }

  /// Keeps samples of a chain as far as there is room.
  func keep(_ samples: [(record: Int, sample: Sample)], of key: String) {
    locked {
      let store = stores[key] ?? Store()
      stores[key] = store
      clock += 1
      store.lastUse = clock
      for (record, sample) in samples where store.samples[record] == nil {
        // Bytes of pixels, and some 200 for the objects around them.
        let bytes = sample.image.byteCount + 200
        guard makeRoom(for: bytes, sparing: store) else { return }
        store.samples[record] = sample
        store.bytes += bytes
        used += bytes
      }
    }
  }

  @discardableResult
  private func makeRoom(for bytes: Int, sparing: Store?) -> Bool {
    while used + bytes > most {
      let oldest = stores.filter { $0.value !== sparing && $0.value.bytes > 0 }
        .min { $0.value.lastUse < $1.value.lastUse }
      guard let oldest else { return false }
      used -= oldest.value.bytes
      stores[oldest.key] = nil
    }
    return true
  }

  private func locked<T>(_ body: () -> T) -> T {
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    return body()
  }
}
