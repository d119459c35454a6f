import Host

/// Releases the contents of containers without recursion: a million nested lists would otherwise
/// need a million frames of the native stack. Up to a certain depth, containers are released as
/// usual; deeper ones are kept in a list until the outermost release gets to them.
enum Release {
  private final class State {
    var depth = 0
    var waiting: [Any] = []
  }

  /// Memory with contents that are released by a function, which also frees it.
  private struct Block {
    let first: UnsafeMutableRawPointer
    let count: Int
    let release: (UnsafeMutableRawPointer, Int) -> Void
  }

  private static let deepest = 200

  // Releases happen on whichever thread drops the last reference, so each thread has its own state.
  private static let states = ThreadLocal { State() }

  /// Takes over the contents of a container that is being released, and releases them.
  static func contents(_ contents: consuming Any) {
    let state = states.value
    if state.depth >= deepest {
      state.waiting.append(consume contents)
      return
    }
    state.depth += 1
    drop(consume contents)
    if state.depth == 1 { finish(state) }
    state.depth -= 1
  }

  /// Takes over a block of memory with `count` elements, and calls `release` with it.
  static func block(
    _ first: UnsafeMutableRawPointer, _ count: Int,
    by release: @escaping (UnsafeMutableRawPointer, Int) -> Void
  ) {
    let state = states.value
    if state.depth >= deepest {
      state.waiting.append(Block(first: first, count: count, release: release))
      return
    }
    state.depth += 1
    release(first, count)
    if state.depth == 1 { finish(state) }
    state.depth -= 1
  }

  private static func finish(_ state: State) {
    while let next = state.waiting.popLast() {
      if let block = next as? Block {
        block.release(block.first, block.count)
      } else {
        drop(consume next)
      }
    }
  }

  @inline(never)
  private static func drop(_ contents: consuming Any) {}
}
