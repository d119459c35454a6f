import Host

/// Releases the contents of containers without recursion: a million nested lists would otherwise
/// need a million frames of the native stack. Up to a certain depth, containers are released as
/// usual; deeper ones are kept in a list until the outermost release gets to them.
enum Release {
  private final class State {
    var depth = 0
    var waiting: [Any] = []
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
    if state.depth == 1 {
      while let next = state.waiting.popLast() { drop(consume next) }
    }
    state.depth -= 1
  }

  @inline(never)
  private static func drop(_ contents: consuming Any) {}
}
