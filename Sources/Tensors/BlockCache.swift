import Glibc
import Host
import Synchronization

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

  fileprivate static let classes = 400
  /// Takes of large blocks between two looks at what has been in use lately: those of a dozen training
  /// steps or more. Small ones don't count, since the parts of a parallel loop take thousands.
  fileprivate static let window = 4096
  private static let large = 1 << 20
  fileprivate static let slack = 32 << 20
  /// From here on blocks are aligned to huge pages, and the kernel is asked to use them.
  private static let huge = 4 << 20

  fileprivate struct State: ~Copyable {
    // SAFETY: kept blocks of a class are a linked list through their first word.
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

  /// A block of at least `bytes`; nil if the system gives none.
  static func take(_ bytes: Int) -> Block? {
    let wanted = sizeClass(bytes)
    guard wanted < classes else { return nil }
    if let block = state.withLock({ $0.take(wanted, isLarge: bytes >= large) }) { return block }
    if let pointer = allocate(size(of: wanted)) {
      return Block(pointer: pointer, sizeClass: wanted)
    }
    // The system has no more: give back what is kept and try once again.
    releaseAll()
    if let pointer = allocate(size(of: wanted)) {
      return Block(pointer: pointer, sizeClass: wanted)
    }
    state.withLock { $0.inUse -= size(of: wanted) }
    return nil
  }

  /// Takes a block back.
  static func give(_ block: Block) { state.withLock { $0.give(block) } }

  /// Gives everything that is kept back to the system.
  static func releaseAll() { state.withLock { $0.trim(to: 0) } }

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
  fileprivate static func size(of sizeClass: Int) -> Int {
    (8 + sizeClass & 7) << (sizeClass >> 3 + 3)
  }
}

extension BlockCache.State {
  /// A kept block of a class, or one half as large again; nil where there is none. Either way one of the
  /// class is in use from here on.
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

  /// Frees kept blocks, those of the sizes longest not asked for first, until `bytes` are kept.
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
