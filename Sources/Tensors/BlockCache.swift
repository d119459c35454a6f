import Glibc
import Host
import Synchronization

/// A cache of freed memory blocks. A training loop allocates the same sizes repeatedly, and
/// obtaining memory from the system (and touching it for the first time) costs more than most
/// kernels that fill it.
///
/// Sizes are rounded up to size classes, eight per power of two. The memory in use and the cached
/// memory together stay below one and a half times the recent peak of memory in use (plus a small
/// amount), so the cache shrinks when a script needs less.
enum BlockCache {
  struct Block {
    let pointer: UnsafeMutableRawPointer
    let sizeClass: Int
  }

  fileprivate static let classes = 400
  /// The number of allocations of large blocks between two updates of the recent peak: those of a
  /// dozen training steps or more. Small blocks do not count, since the parts of a parallel loop
  /// allocate thousands.
  fileprivate static let window = 4096
  private static let large = 1 << 20
  fileprivate static let slack = 32 << 20
  /// Blocks of at least this size are aligned to huge pages, and the kernel is advised to use them.
  private static let huge = 4 << 20

  fileprivate struct State: ~Copyable {
    // SAFETY: the cached blocks of a class form a linked list through their first word.
    var heads = [UnsafeMutableRawPointer?](repeating: nil, count: classes)
    var lastUse = [Int](repeating: 0, count: classes)
    var inUse = 0
    var kept = 0
    var takes = 0
    var largeTakes = 0
    var highest = 0
    var highestBefore = 0
  }

  private static let state = Mutex(State())

  /// Returns a block of at least `bytes`; nil if the system is out of memory.
  static func take(_ bytes: Int) -> Block? {
    let wanted = sizeClass(bytes)
    guard wanted < classes else { return nil }
    if let block = state.withLock({ $0.take(wanted, isLarge: bytes >= large) }) { return block }
    if let pointer = allocate(size(of: wanted)) {
      return Block(pointer: pointer, sizeClass: wanted)
    }
    // The system is out of memory: release the cache and try once more.
    releaseAll()
    if let pointer = allocate(size(of: wanted)) {
      return Block(pointer: pointer, sizeClass: wanted)
    }
    state.withLock { $0.inUse -= size(of: wanted) }
    return nil
  }

  /// Returns a block to the cache.
  static func give(_ block: Block) { state.withLock { $0.give(block) } }

  /// Returns all cached blocks to the system.
  static func releaseAll() { state.withLock { $0.trim(to: 0) } }

  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, bytes >= huge ? 2 << 20 : 64, bytes) == 0 else { return nil }
    if bytes >= huge { madvise(raw, bytes, 14) }  // MADV_HUGEPAGE
    return raw
  }

  /// The size class of a size: the first whose blocks are large enough.
  private static func sizeClass(_ bytes: Int) -> Int {
    if bytes <= 64 { return 0 }
    let top = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount  // 2^top <= bytes - 1
    let eighth = (bytes - 1) >> (top - 3) & 7
    return (top - 6) * 8 + eighth + 1
  }

  /// The size of a class's blocks in bytes.
  fileprivate static func size(of sizeClass: Int) -> Int {
    (8 + sizeClass & 7) << (sizeClass >> 3 + 3)
  }
}

extension BlockCache.State {
  /// Removes and returns a cached block of a class, or of one up to one and a half times as large;
  /// nil if the cache has no such block. In both cases the block counts as in use from now on.
  fileprivate mutating func take(_ wanted: Int, isLarge: Bool) -> BlockCache.Block? {
    takes += 1
    if isLarge {
      largeTakes += 1
      if largeTakes % BlockCache.window == 0 {
        highestBefore = highest
        highest = inUse
      }
    }
    for candidate in wanted..<min(wanted + 5, BlockCache.classes) {
      guard let block = heads[candidate] else { continue }
      heads[candidate] = block.load(as: UnsafeMutableRawPointer?.self)
      lastUse[candidate] = takes
      kept -= BlockCache.size(of: candidate)
      use(candidate)
      return BlockCache.Block(pointer: block, sizeClass: candidate)
    }
    lastUse[wanted] = takes
    use(wanted)
    trim()
    return nil
  }

  fileprivate mutating func give(_ block: BlockCache.Block) {
    let bytes = BlockCache.size(of: block.sizeClass)
    block.pointer.storeBytes(of: heads[block.sizeClass], as: UnsafeMutableRawPointer?.self)
    heads[block.sizeClass] = block.pointer
    inUse -= bytes
    kept += bytes
    trim()
  }

  private mutating func use(_ sizeClass: Int) {
    inUse += BlockCache.size(of: sizeClass)
    highest = max(highest, inUse)
  }

  private mutating func trim() {
    let lately = max(highest, highestBefore)
    trim(to: max(0, min(lately + lately / 2 + BlockCache.slack, Memory.machineLimit) - inUse))
  }

  /// Frees cached blocks, least recently requested sizes first, until only `bytes` are cached.
  fileprivate mutating func trim(to bytes: Int) {
    while kept > bytes {
      var oldest: Int?
      for candidate in 0..<BlockCache.classes where heads[candidate] != nil {
        if oldest.map({ lastUse[candidate] < lastUse[$0] }) ?? true { oldest = candidate }
      }
      guard let oldest else { return }
      while kept > bytes, let block = heads[oldest] {
        heads[oldest] = block.load(as: UnsafeMutableRawPointer?.self)
        kept -= BlockCache.size(of: oldest)
        free(block)
      }
    }
  }
}
