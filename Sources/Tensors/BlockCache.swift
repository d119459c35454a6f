import Glibc
import Host

/// Freed blocks, kept for reuse: a training loop allocates the same sizes over and over, and getting
/// (and first touching) memory from the system costs more than most kernels that fill it.
///
/// Sizes are rounded up to classes, eight to a doubling. What is in use and kept together stays below
/// one and a half times what was in use at once lately (plus a little), so the cache shrinks by itself
/// when a script's needs do.
enum BlockCache {
  struct Block {
    let pointer: UnsafeMutableRawPointer
    let sizeClass: Int
  }

  private static let classes = 400
  /// Takes of large blocks between two looks at what has been in use lately: those of a dozen training
  /// steps or more. Small ones don't count, since the parts of a parallel loop take thousands.
  private static let window = 4096
  private static let large = 1 << 20
  private static let slack = 32 << 20
  /// From here on blocks are aligned to huge pages, and the kernel is asked to use them.
  private static let huge = 4 << 20

  // SAFETY: all guarded by `lock`. Kept blocks of a class are a linked list through their first word.
  nonisolated(unsafe) private static var lock = pthread_mutex_t()
  nonisolated(unsafe) private static let heads: UnsafeMutablePointer<UnsafeMutableRawPointer?> = {
    let heads = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: classes)
    heads.initialize(repeating: nil, count: classes)
    return heads
  }()
  nonisolated(unsafe) private static let lastUse: UnsafeMutablePointer<Int> = {
    let uses = UnsafeMutablePointer<Int>.allocate(capacity: classes)
    uses.initialize(repeating: 0, count: classes)
    return uses
  }()
  nonisolated(unsafe) private static var inUse = 0
  nonisolated(unsafe) private static var kept = 0
  nonisolated(unsafe) private static var takes = 0
  nonisolated(unsafe) private static var largeTakes = 0
  nonisolated(unsafe) private static var highest = 0
  nonisolated(unsafe) private static var highestBefore = 0

  /// Bytes of freed blocks that are kept.
  static var keptBytes: Int {
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    return kept
  }

  /// A block of at least `bytes`; nil if the system gives none.
  static func take(_ bytes: Int) -> Block? {
    let wanted = sizeClass(bytes)
    guard wanted < classes else { return nil }
    pthread_mutex_lock(&lock)
    takes += 1
    if bytes >= large {
      largeTakes += 1
      if largeTakes % window == 0 {
        highestBefore = highest
        highest = inUse
      }
    }
    // A block up to a half larger does as well.
    for candidate in wanted..<min(wanted + 5, classes) {
      guard let block = heads[candidate] else { continue }
      heads[candidate] = block.load(as: UnsafeMutableRawPointer?.self)
      lastUse[candidate] = takes
      kept -= size(of: candidate)
      use(candidate)
      pthread_mutex_unlock(&lock)
      return Block(pointer: block, sizeClass: candidate)
    }
    lastUse[wanted] = takes
    use(wanted)
    trim()
    pthread_mutex_unlock(&lock)
    if let pointer = allocate(size(of: wanted)) {
      return Block(pointer: pointer, sizeClass: wanted)
    }
    // The system has no more: give back what is kept and try once again.
    releaseAll()
    if let pointer = allocate(size(of: wanted)) {
      return Block(pointer: pointer, sizeClass: wanted)
    }
    pthread_mutex_lock(&lock)
    inUse -= size(of: wanted)
    pthread_mutex_unlock(&lock)
    return nil
  }

  /// Takes a block back.
  static func give(_ block: Block) {
    pthread_mutex_lock(&lock)
    let bytes = size(of: block.sizeClass)
    block.pointer.storeBytes(of: heads[block.sizeClass], as: UnsafeMutableRawPointer?.self)
    heads[block.sizeClass] = block.pointer
    inUse -= bytes
    kept += bytes
    trim()
    pthread_mutex_unlock(&lock)
  }

  /// Gives everything that is kept back to the system.
  static func releaseAll() {
    pthread_mutex_lock(&lock)
    trim(to: 0)
    pthread_mutex_unlock(&lock)
  }

  private static func use(_ sizeClass: Int) {
    inUse += size(of: sizeClass)
    highest = max(highest, inUse)
  }

  private static func trim() {
    let lately = max(highest, highestBefore)
    trim(to: max(0, min(lately + lately / 2 + slack, Memory.limit) - inUse))
  }

  /// Frees kept blocks, those of the sizes longest not asked for first, until `bytes` are kept.
  private static func trim(to bytes: Int) {
    while kept > bytes {
      var oldest: Int?
      for candidate in 0..<classes where heads[candidate] != nil {
        if oldest.map({ lastUse[candidate] < lastUse[$0] }) ?? true { oldest = candidate }
      }
      guard let oldest else { return }
      while kept > bytes, let block = heads[oldest] {
        heads[oldest] = block.load(as: UnsafeMutableRawPointer?.self)
        kept -= size(of: oldest)
        free(block)
      }
    }
  }

  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, bytes >= huge ? 2 << 20 : 64, bytes) == 0 else { return nil }
    if bytes >= huge { madvise(raw, bytes, 14) }  // MADV_HUGEPAGE
    return raw
  }

  /// The class of a size: the first whose blocks hold it.
  private static func sizeClass(_ bytes: Int) -> Int {
    if bytes <= 64 { return 0 }
    let top = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount  // 2^top <= bytes - 1
    let eighth = (bytes - 1) >> (top - 3) & 7
    return (top - 6) * 8 + eighth + 1
  }

  /// The bytes of a class's blocks.
  private static func size(of sizeClass: Int) -> Int {
    (8 + sizeClass & 7) << (sizeClass >> 3 + 3)
  }
}
