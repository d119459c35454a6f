import Formats
import Glibc
import Host
import Synchronization

/// The messages that wait to be sent, in order. Any thread adds to it; the thread of the sockets, which
/// waits for its descriptor, empties it. Text that follows text is joined to it.
final class Outbox {
  /// A place to send to.
  enum Channel { case shell, control, published }

  /// A message, or text of a stream, that waits.
  struct Waiting {
    let channel: Channel
    let type: String
    let parent: Message?
    fileprivate var fields: JSON = .null
    /// The name of the stream whose text it is, and the text.
    fileprivate var stream: String?
    fileprivate var text = ""
    fileprivate let since = monotonicSeconds()

    /// The content.
    var content: JSON {
      stream.map { .object([("name", .string($0)), ("text", .string(text))]) } ?? fields
    }
  }

  private let waiting = Mutex<[Waiting]>([])
  private let ends: (read: Int32, write: Int32)

  /// Creates an outbox. Throws `kernel` if the system does not give a pipe.
  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure("kernel", "kernel: the system gives no pipe") }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    self.ends = (ends[0], ends[1])
  }

  deinit {
    close(ends.read)
    close(ends.write)
  }

  /// Becomes readable when a message waits.
  var descriptor: Int32 { ends.read }

  /// Adds a message.
  func add(_ channel: Channel, _ type: String, _ content: JSON, to parent: Message?) {
    waiting.withLock {
      $0.append(Waiting(channel: channel, type: type, parent: parent, fields: content))
    }
    wake()
  }

  /// Adds text to a stream, `stdout` or `stderr`. What is joined wakes nobody.
  func add(_ text: String, stream: String, to parent: Message?) {
    let isJoined = waiting.withLock { waiting in
      if let last = waiting.last, last.stream == stream, last.parent?.header == parent?.header {
        waiting[waiting.count - 1].text += text
        return true
      }
      waiting.append(
        Waiting(
          channel: .published, type: "stream", parent: parent, stream: stream, text: text))
      return false
    }
    if !isJoined { wake() }
  }

  /// For how many seconds text waits for more of it, unless another message follows.
  static let pause = 0.01

  /// Wakes the thread of the sockets.
  func wake() {
    var byte: UInt8 = 1
    _ = write(ends.write, &byte, 1)
  }

  /// Takes all that wait, except text that has just begun. `isHeld` is whether some is left, for which
  /// the caller comes back after `pause`.
  func take() -> (messages: [Waiting], isHeld: Bool) {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(ends.read, &bytes, bytes.count) > 0 {}
    return waiting.withLock { waiting in
      if waiting.count == 1, waiting[0].stream != nil,
        monotonicSeconds() - waiting[0].since < Outbox.pause
      {
        return ([], true)
      }
      defer { waiting = [] }
      return (waiting, false)
    }
  }
}
