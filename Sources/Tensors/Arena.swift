import Glibc
import Host

/// The memory of large blocks: a range of addresses that is reserved once and gets pages where it is
/// touched. A block is put into the smallest free range that has room for it, and free ranges next to
/// each other become one. So freed blocks serve others of any size, and what is touched is hardly
/// more than what is in use at the peak.
struct Arena: ~Copyable {
  /// Free addresses between two blocks.
  private struct Gap {
    var start: Int
    var count: Int
    /// The number of its bytes that were touched, at most, since they were last returned to the
    /// system.
    var touched: Int
    var end: Int { start + count }
  }

  private let base: UnsafeMutableRawPointer?
  private let capacity: Int
  /// In order of their addresses.
  private var gaps: [Gap] = []
  /// The number of bytes that are kept for later blocks, at most.
  private(set) var kept = 0
  /// The end of the highest block so far.
  private var top = 0

  private static let page = 4096

  /// Reserves addresses for all that tensors may use, or for half of them if they are limited
  /// (`ulimit -v`), since others need some too.
  init() {
    var space = rlimit()
    getrlimit(__rlimit_resource_t(9), &space)
    let isLimited = space.rlim_cur < UInt64(Int.max)
    let wanted = Memory.machineLimit / (isLimited ? 2 : 1) / Arena.page * Arena.page
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = mmap(nil, max(wanted, Arena.page), PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory, memory != MAP_FAILED else {
      (base, capacity) = (nil, 0)
      return
    }
    (base, capacity) = (memory, wanted)
    madvise(base, capacity, 14)  // MADV_HUGEPAGE
    gaps = [Gap(start: 0, count: capacity, touched: 0)]
  }

  /// Whether a block is one of the arena's.
  func has(_ pointer: UnsafeMutableRawPointer) -> Bool {
    base.map { pointer >= $0 && pointer < $0 + capacity } ?? false
  }

  /// The number of bytes of a block for `bytes`.
  static func size(_ bytes: Int) -> Int { (bytes + page - 1) / page * page }

  /// A block of `bytes`, which are those of `size`; nil if no free range is large enough.
  mutating func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
    var best: Int?
    for (i, gap) in gaps.enumerated() where gap.count >= bytes {
      if best.map({ gap.count < gaps[$0].count }) ?? true { best = i }
    }
    guard let best, let base else { return nil }
    let start = gaps[best].start
    kept -= min(gaps[best].touched, bytes)
    if gaps[best].count == bytes {
      gaps.remove(at: best)
    } else {
      gaps[best].start += bytes
      gaps[best].count -= bytes
      gaps[best].touched = max(gaps[best].touched - bytes, 0)
    }
    top = max(top, start + bytes)
    return base + start
  }

  /// Takes a block back.
  mutating func give(_ pointer: UnsafeMutableRawPointer, _ bytes: Int) {
    guard let base else { return }
    var gap = Gap(start: pointer - base, count: bytes, touched: bytes)
    kept += bytes
    var (low, high) = (0, gaps.count)
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].start < gap.start { low = middle + 1 } else { high = middle }
    }
    var range = low..<low
    if low < gaps.count, gaps[low].start == gap.end {
      gap.count += gaps[low].count
      gap.touched += gaps[low].touched
      range = low..<low + 1
    }
    if low > 0, gaps[low - 1].end == gap.start {
      gap.start = gaps[low - 1].start
      gap.count += gaps[low - 1].count
      gap.touched += gaps[low - 1].touched
      range = low - 1..<range.upperBound
    }
    gaps.replaceSubrange(range, with: CollectionOfOne(gap))
  }

  /// Returns gaps to the system, highest addresses first, until `bytes` are kept at most.
  mutating func release(to bytes: Int) {
    guard let base else { return }
    for i in gaps.indices.reversed() where kept > bytes && gaps[i].touched > 0 {
      madvise(base + gaps[i].start, min(gaps[i].end, top) - gaps[i].start, MADV_DONTNEED)
      kept -= gaps[i].touched
      gaps[i].touched = 0
    }
  }
}
