import Glibc

/// Buffered standard output with a bounded delay: data is written when 64 kB have accumulated, and
/// otherwise within a tenth of a second, by a separate thread. This makes a loop of prints cheap,
/// while `limbeck run x.lbk | tee log` still shows each epoch when it is complete.
final class OutputStream: Sendable {
  private struct State {
    var buffer: [UInt8] = []
    var error: Failure?
    var flusher: Thread?
  }

  private let descriptor: Int32
  private let stop: @Sendable () -> Void
  private let state = Monitor(State())
  private static let capacity = 65536

  /// Creates a stream. `stop` is called once, at the first error: since nobody reads the output,
  /// the running computation is asked to stop, as by a signal.
  init(descriptor: Int32, stop: @escaping @Sendable () -> Void) {
    self.descriptor = descriptor
    self.stop = stop
  }

  /// The first write error; anything written afterwards is dropped.
  var failure: Failure? { state.withLock { $0.error } }

  func write(_ text: String, atOnce: Bool) {
    state.change(waking: 1) { state in
      guard state.error == nil else { return }
      state.buffer.append(contentsOf: text.utf8)
      if atOnce || state.buffer.count >= OutputStream.capacity {
        drain(&state)
      } else if state.flusher == nil {
        state.flusher = Thread { [self] in flushForever() }
        if state.flusher == nil { drain(&state) }
      }
    }
  }

  func flush() { state.withLock { drain(&$0) } }

  private func drain(_ state: inout State) {
    guard !state.buffer.isEmpty else { return }
    defer { state.buffer.removeAll(keepingCapacity: true) }
    do {
      try state.buffer.withUnsafeBytes {
        try Files.writeAll($0, to: descriptor, path: "standard output")
      }
    } catch {
      state.error = error as? Failure ?? Failure("file-write", "write: \(error)")
      stop()
    }
  }

  private func flushForever() {
    while true {
      state.wait { $0.buffer.isEmpty ? nil : () }
      usleep(80_000)
      flush()
    }
  }
}
