import Glibc

/// A socket that listens at an address. It is made before the message library is loaded, since a front end
/// that finds nobody listening tries again after a tenth of a second only.
struct Listener {
  let address: String
  /// The socket; nil if the address is not one of TCP over IPv4 or can't be listened at. ZeroMQ makes the
  /// socket then, or says why not.
  let descriptor: Int32?

  init(_ address: String) {
    self.address = address
    descriptor = Listener.listen(at: address)
  }

  private static func listen(at address: String) -> Int32? {
    let parts = address.split(separator: ":")
    guard parts.count == 3, parts[0] == "tcp", let port = UInt16(parts[2]) else { return nil }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    guard inet_pton(AF_INET, String(parts[1].dropFirst(2)), &place.sin_addr) == 1 else {
      return nil
    }
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let descriptor = socket(AF_INET, Int32(kind), 0)
    guard descriptor >= 0 else { return nil }
    var yes: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let isBound = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard isBound == 0, Glibc.listen(descriptor, 100) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
