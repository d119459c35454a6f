import Host

/// Releases what containers hold without recursion: a million lists inside each other would
/// otherwise need a million frames of the native stack. Up to a depth containers are released as
/// usual; what lies deeper waits in a list until the outermost release comes back to it.
enum Release {
  private final class State {
    var depth = 0
    var waiting: [Any] = []
  }

  private static let deepest = 200

  // Releases happen on whatever thread drops the last reference, so each has a state of its own.
  private static let states = ThreadLocal { State() }

  /// Takes over what a container that is being released held, and releases it.
  static func contents(_ contents: consuming Any) {
    let state = states.value
    if state.depth >= deepest {
      state.waiting.append(consume contents)
      return
    }
    state.depth += 1
    drop(consume contents)
    if state.depth == 1 {
      while let next = state.waiting.popLast() { drop(consume next) }
    }
    state.depth -= 1
  }

  @inline(never)
  private static func drop(_ contents: consuming Any) {}
}
