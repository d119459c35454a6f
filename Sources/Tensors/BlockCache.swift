import Glibc
import Host
import Synchronization

/// A cache of freed memory blocks. A training loop allocates the same sizes repeatedly, and
/// obtaining memory from the system (and touching it for the first time) costs more than most
/// kernels that fill it.
///
/// Large blocks are in an `Arena`. The sizes of small ones are rounded up to size classes, sixteen
/// per power of two. The memory in use and the cached memory together stay below one and a half times
/// the recent peak of memory in use (plus a small amount), so the cache shrinks when a script needs
/// less.
enum BlockCache {
  struct Block {
    let pointer: UnsafeMutableRawPointer
    let bytes: Int
  }

  fileprivate static let classes = sizeClass(large) + 1
  /// The number of allocations of large blocks between two updates of the recent peak: those of a
  /// dozen training steps or more. Small blocks do not count, since the parts of a parallel loop
  /// allocate thousands.
  fileprivate static let window = 1 << 15
  fileprivate static let large = 1 << 17
  fileprivate static let slack = 32 << 20

  fileprivate struct State: ~Copyable {
    // SAFETY: the cached blocks of a class form a linked list through their first word.
    var heads = [UnsafeMutableRawPointer?](repeating: nil, count: classes)
    var lastUse = [Int](repeating: 0, count: classes)
    var arena = Arena()
    var inUse = 0
    /// The number of bytes of small blocks in the cache.
    var kept = 0
    var takes = 0
    var largeTakes = 0
    var highest = 0
    var highestBefore = 0
  }

  private static let state = Mutex(State())

  /// Returns a block of at least `bytes`; nil if the system is out of memory.
  static func take(_ bytes: Int) -> Block? {
    let size = bytes >= large ? Arena.size(bytes) : size(of: sizeClass(bytes))
    if let pointer = state.withLock({ $0.take(size) }) {
      return Block(pointer: pointer, bytes: size)
    }
    if let pointer = allocate(size) { return Block(pointer: pointer, bytes: size) }
    // The system is out of memory: release the cache and try once more.
    releaseAll()
    if let pointer = allocate(size) { return Block(pointer: pointer, bytes: size) }
    state.withLock { $0.inUse -= size }
    return nil
  }

  /// Returns a block to the cache.
  static func give(_ block: Block) { state.withLock { $0.give(block) } }

  /// Returns all cached blocks to the system.
  static func releaseAll() { state.withLock { $0.trim(to: 0) } }

  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
    var raw: UnsafeMutableRawPointer?
    return posix_memalign(&raw, 64, bytes) == 0 ? raw : nil
  }

  /// The size class of a size: the first whose blocks are large enough.
  fileprivate static func sizeClass(_ bytes: Int) -> Int {
    if bytes <= 64 { return 0 }
    let top = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount  // 2^top <= bytes - 1
    let sixteenth = (bytes - 1) >> (top - 4) & 15
    return (top - 6) * 16 + sixteenth + 1
  }

  /// The size of a class's blocks in bytes.
  fileprivate static func size(of sizeClass: Int) -> Int {
    (16 + sizeClass & 15) << (sizeClass >> 4 + 2)
  }
}

extension BlockCache.State {
  /// Removes and returns a cached block of a size; nil if the cache has no such block. In both cases
  /// a block counts as in use from now on.
  fileprivate mutating func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
    inUse += bytes
    highest = max(highest, inUse)
    if bytes >= BlockCache.large {
      largeTakes += 1
      if largeTakes % BlockCache.window == 0 {
        highestBefore = highest
        highest = inUse
      }
      let block = arena.take(bytes)
      trim()
      return block
    }
    takes += 1
    let wanted = BlockCache.sizeClass(bytes)
    lastUse[wanted] = takes
    guard let block = heads[wanted] else {
      trim()
      return nil
    }
    heads[wanted] = block.load(as: UnsafeMutableRawPointer?.self)
    kept -= bytes
    return block
  }

  fileprivate mutating func give(_ block: BlockCache.Block) {
    inUse -= block.bytes
    if arena.has(block.pointer) {
      arena.give(block.pointer, block.bytes)
    } else if block.bytes >= BlockCache.large {
      free(block.pointer)
    } else {
      let sizeClass = BlockCache.sizeClass(block.bytes)
      block.pointer.storeBytes(of: heads[sizeClass], as: UnsafeMutableRawPointer?.self)
      heads[sizeClass] = block.pointer
      kept += block.bytes
    }
    trim()
  }

  private mutating func trim() {
    let lately = max(highest, highestBefore)
    trim(to: max(0, min(lately + lately / 2 + BlockCache.slack, Memory.machineLimit) - inUse))
  }

  /// Frees cached memory until only `bytes` are cached: of the arena first, then the sizes of small
  /// blocks that were requested least recently.
  fileprivate mutating func trim(to bytes: Int) {
    if kept + arena.kept <= bytes { return }
    arena.release(to: max(0, bytes - kept))
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
