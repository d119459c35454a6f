import Host
import Synchronization
import Tensors

/// Caches the rendered records of chains of fixed transforms in memory, within a byte budget. When
/// it is full, the least recently used chain is evicted first. A chain that exceeds the budget
/// alone keeps its first records, which serves repeated passes better than keeping the last.
public final class RenderCache: Sendable {
  /// The cache that new views use; a test may replace it for a while.
  @TaskLocal public static var shared = RenderCache(
    budget: min(Memory.machineLimit / 4, 8_000_000_000))

  /// The cached records of one chain.
  final class Shelf: Sendable {
    fileprivate struct State {
      var samples: [Int: Sample] = [:]
      var bytes = 0
      var lastUse = 0

      /// Stops a debug build if the count of bytes differs from the size of the samples.
      func checkInvariants() {
        assert(bytes == samples.values.reduce(0) { $0 + Shelf.bytes(of: $1) })
      }
    }
    fileprivate let state = Mutex(State())
    private let cache: RenderCache

    fileprivate init(_ cache: RenderCache) { self.cache = cache }

    /// The cached sample of a record.
    func sample(_ record: Int) -> Sample? {
      let now = cache.tick()
      return state.withLock {
        $0.lastUse = now
        return $0.samples[record]
      }
    }

    /// Caches a record's sample if there is room.
    func keep(_ sample: Sample, of record: Int) {
      let bytes = Shelf.bytes(of: sample)
      let now = cache.tick()
      let isNew = state.withLock {
        $0.lastUse = now
        return $0.samples[record] == nil
      }
      guard isNew, cache.makeRoom(for: bytes, sparing: self) else { return }
      let wasTaken = state.withLock {
        if $0.samples[record] != nil { return true }
        $0.samples[record] = sample
        $0.bytes += bytes
        return false
      }
      if wasTaken { cache.giveBack(bytes) }
    }

    /// The bytes of the pixels, and about 200 for the objects around them.
    private static func bytes(of sample: Sample) -> Int { sample.image.byteCount + 200 }

    fileprivate func empty() -> Int {
      state.withLock {
        $0.checkInvariants()
        let bytes = $0.bytes
        $0.samples = [:]
        $0.bytes = 0
        return bytes
      }
    }
  }

  private struct State {
    var shelves: [String: Shelf] = [:]
    var used = 0
    var most: Int

    /// Stops a debug build if the shelves hold more than is counted. A sample is counted before it
    /// is put on its shelf.
    func checkInvariants() {
      assert(shelves.values.reduce(0) { $0 + $1.state.withLock(\.bytes) } <= used)
    }
  }

  private let state: Mutex<State>
  private let clock = Atomic<Int>(0)

  init(budget: Int) { state = Mutex(State(most: budget)) }

  /// The maximum number of bytes it may hold.
  public var budget: Int {
    get { state.withLock { $0.most } }
    set {
      state.withLock { $0.most = newValue }
      makeRoom(for: 0, sparing: nil)
    }
  }

  /// The number of bytes it holds.
  public var byteCount: Int { state.withLock { $0.used } }

  /// Empties the cache.
  public func removeAll() {
    state.withLock { state in
      state.checkInvariants()
      for shelf in state.shelves.values { state.used -= shelf.empty() }
    }
  }

  /// The shelf of a chain; chains with the same key share one.
  func shelf(_ key: String) -> Shelf {
    state.withLock {
      if let shelf = $0.shelves[key] { return shelf }
      if $0.shelves.count >= 4096 { RenderCache.tidy(&$0.shelves) }
      let shelf = Shelf(self)
      $0.shelves[key] = shelf
      return shelf
    }
  }

  /// Drops empty shelves that nobody uses.
  private static func tidy(_ shelves: inout [String: Shelf]) {
    for key in Array(shelves.keys) {
      guard var shelf = shelves.removeValue(forKey: key) else { continue }
      let isIdle = isKnownUniquelyReferenced(&shelf) && shelf.state.withLock { $0.bytes == 0 }
      if !isIdle { shelves[key] = shelf }
    }
  }

  private func tick() -> Int { clock.add(1, ordering: .relaxed).newValue }

  /// Takes `bytes` of the budget, emptying other shelves if needed; returns false if there is no
  /// room.
  @discardableResult
  private func makeRoom(for bytes: Int, sparing: Shelf?) -> Bool {
    state.withLock { state in
      while state.used + bytes > state.most {
        let oldest = state.shelves.values
          .map { shelf in (shelf, shelf.state.withLock { ($0.lastUse, $0.bytes) }) }
          .filter { $0.0 !== sparing && $0.1.1 > 0 }
          .min { $0.1.0 < $1.1.0 }
        guard let oldest else { return false }
        state.checkInvariants()
        state.used -= oldest.0.empty()
      }
      state.used += bytes
      return true
    }
  }

  private func giveBack(_ bytes: Int) { state.withLock { $0.used -= bytes } }
}
