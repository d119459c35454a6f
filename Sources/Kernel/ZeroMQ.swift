import Glibc
import Host

/// The message library of Jupyter, which is loaded when it is needed.
public struct ZeroMQ {
  typealias Address = UnsafeMutableRawPointer

  private typealias MakeContext = @convention(c) () -> Address?
  private typealias MakeSocket = @convention(c) (Address, Int32) -> Address?
  private typealias Bind = @convention(c) (Address, UnsafePointer<CChar>) -> Int32
  private typealias SetOption = @convention(c) (Address, Int32, UnsafeRawPointer, Int) -> Int32
  private typealias Send = @convention(c) (Address, UnsafeRawPointer?, Int, Int32) -> Int32
  private typealias Receive = @convention(c) (Address, Address, Int32) -> Int32
  private typealias OfMessage = @convention(c) (Address) -> Int32
  private typealias Data = @convention(c) (Address) -> Address?
  private typealias Size = @convention(c) (Address) -> Int
  private typealias Poll = @convention(c) (Address, Int32, Int) -> Int32
  private typealias Close = @convention(c) (Address) -> Int32

  /// What `poll` waits for: `zmq_pollitem_t`.
  struct Item {
    var socket: Address?
    var descriptor: Int32 = 0
    var events: Int16 = 1
    var found: Int16 = 0
  }

  /// The kinds of sockets.
  enum Kind: Int32 {
    case publish = 1
    case reply = 4
    case router = 6
  }

  /// The keys of a server that encrypts what it sends (CurveZMQ), of 40 characters each (Z85).
  struct Keys: Equatable {
    let publicKey, secretKey: String
  }

  private let makeSocket: MakeSocket
  private let bind: Bind
  private let setOption: SetOption
  private let sendPart: Send
  private let initMessage: OfMessage
  private let receivePart: Receive
  private let data: Data
  private let size: Size
  private let more: OfMessage
  private let closeMessage: OfMessage
  private let pollItems: Poll
  private let closeSocket: Close
  private let endContext: Close
  private let context: Address

  /// The library and its Debian package.
  public static let library = (name: "ZeroMQ", package: "libzmq5")

  /// Loads the library. Throws `library` if it is not installed.
  public init() throws {
    let all = try SharedLibrary(
      "libzmq.so.5", called: ZeroMQ.library.name, package: ZeroMQ.library.package,
      for: "kernel")
    makeSocket = try all.function("zmq_socket", as: MakeSocket.self)
    bind = try all.function("zmq_bind", as: Bind.self)
    setOption = try all.function("zmq_setsockopt", as: SetOption.self)
    sendPart = try all.function("zmq_send", as: Send.self)
    initMessage = try all.function("zmq_msg_init", as: OfMessage.self)
    receivePart = try all.function("zmq_msg_recv", as: Receive.self)
    data = try all.function("zmq_msg_data", as: Data.self)
    size = try all.function("zmq_msg_size", as: Size.self)
    more = try all.function("zmq_msg_more", as: OfMessage.self)
    closeMessage = try all.function("zmq_msg_close", as: OfMessage.self)
    pollItems = try all.function("zmq_poll", as: Poll.self)
    closeSocket = try all.function("zmq_close", as: Close.self)
    endContext = try all.function("zmq_ctx_term", as: Close.self)
    guard let context = try all.function("zmq_ctx_new", as: MakeContext.self)() else {
      throw Failure("kernel", "kernel: ZeroMQ could not be started")
    }
    self.context = context
  }

  /// Makes a socket on a listener, and with keys only to those who know the public one. What was sent
  /// before it is closed still leaves within a second.
  func socket(_ kind: Kind, on listener: Listener, _ keys: Keys?) throws -> Address {
    guard let socket = makeSocket(context, kind.rawValue) else {
      throw Failure("kernel", "kernel: ZeroMQ could not make a socket")
    }
    var linger: Int32 = 1000
    _ = setOption(socket, 17, &linger, MemoryLayout<Int32>.size)
    if let keys {
      var isServer: Int32 = 1
      guard setOption(socket, 47, &isServer, MemoryLayout<Int32>.size) == 0,
        setOption(socket, 48, keys.publicKey, keys.publicKey.utf8.count) == 0,
        setOption(socket, 49, keys.secretKey, keys.secretKey.utf8.count) == 0
      else {
        throw Failure(
          "kernel", "kernel: ZeroMQ does not take the keys of the connection file",
          hint: "a library that was built without encryption takes none")
      }
    }
    // A library that does not take it makes a socket of its own at the address.
    if var descriptor = listener.descriptor,
      setOption(socket, 89, &descriptor, MemoryLayout<Int32>.size) != 0
    {
      Glibc.close(descriptor)
    }
    guard bind(socket, listener.address) == 0 else {
      throw Failure("kernel", "kernel: \(listener.address) is in use or cannot be reached")
    }
    return socket
  }

  /// Sends a message of several parts.
  func send(_ parts: [[UInt8]], to socket: Address) {
    for (i, part) in parts.enumerated() {
      let flags: Int32 = i < parts.count - 1 ? 2 : 0
      while part.withUnsafeBytes({ sendPart(socket, $0.baseAddress, $0.count, flags) }) < 0,
        errno == EINTR
      {}
    }
  }

  /// Returns a message that has arrived; nil if none has.
  func receive(from socket: Address) -> [[UInt8]]? {
    var parts: [[UInt8]] = []
    // SAFETY: the size and alignment of zmq_msg_t, which the library promises.
    let message = Address.allocate(byteCount: 64, alignment: 8)
    defer { message.deallocate() }
    while true {
      _ = initMessage(message)
      defer { _ = closeMessage(message) }
      guard receivePart(message, socket, parts.isEmpty ? 1 : 0) >= 0 else {
        if errno == EINTR { continue }
        return nil
      }
      parts.append(Array(UnsafeRawBufferPointer(start: data(message), count: size(message))))
      if more(message) == 0 { return parts }
    }
  }

  /// Waits until one of some sockets or the descriptor has something to read, for at most some time.
  func wait(for sockets: [Address], and descriptor: Int32, milliseconds: Int) {
    var items = sockets.map { Item(socket: $0) } + [Item(socket: nil, descriptor: descriptor)]
    let count = Int32(items.count)
    // SAFETY: `Item` is laid out as zmq_pollitem_t is.
    items.withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress { _ = pollItems(start, count, milliseconds) }
    }
  }

  /// Closes sockets, after what was sent has left.
  func close(_ sockets: [Address]) {
    for socket in sockets { _ = closeSocket(socket) }
    _ = endContext(context)
  }
}
