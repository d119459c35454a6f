import Host

/// Releases what containers hold without recursion: a million lists inside each other would
/// otherwise need a million frames of the native stack. Up to a depth containers are released as
/// usual; what lies deeper waits in a list until the outermost release comes back to it.
enum Release {
  private final class State {
    var depth = 0
    var waiting: [[Value]] = []
  }

  private static let deepest = 200

  // Releases happen on whatever thread drops the last reference, so each has a state of its own.
  private static let states = ThreadLocal { State() }

  /// Takes values over from a container that is being released, and releases them.
  static func values(_ values: consuming [Value]) {
    guard values.contains(where: \.mayNest) else { return }
    let state = states.value
    if state.depth >= deepest {
      state.waiting.append(values)
      return
    }
    state.depth += 1
    drop(values)
    if state.depth == 1 {
      while let next = state.waiting.popLast() { drop(next) }
    }
    state.depth -= 1
  }

  @inline(never)
  private static func drop(_ values: consuming [Value]) {}
}

extension Value {
  /// Whether the value can hold others.
  var mayNest: Bool {
    switch self {
    case .list, .map, .function, .object: true
    default: false
    }
  }
}
