import Glibc

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
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let code = pthread_key_create(&key) { pointer in
      if let pointer { Unmanaged<State>.fromOpaque(pointer).release() }
    }
    precondition(code == 0, "no thread-local storage is left")
    return key
  }()

  private static var state: State {
    if let pointer = pthread_getspecific(key) {
      // SAFETY: what is stored under the key is a retained State, released when the thread ends.
      return Unmanaged<State>.fromOpaque(pointer).takeUnretainedValue()
    }
    let state = State()
    pthread_setspecific(key, Unmanaged.passRetained(state).toOpaque())
    return state
  }

  /// Takes over what a container that is being released held, and releases it.
  static func contents(_ contents: consuming Any) {
    let state = state
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
