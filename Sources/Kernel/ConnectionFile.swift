import Formats
import Host

/// The file in which Jupyter tells a kernel the addresses to listen at, the key that signs messages, and
/// those that encrypt them.
struct ConnectionFile {
  /// The address of each socket.
  let shell, control, published, input, heartbeat: String
  /// The key; empty if messages are not signed.
  let key: [UInt8]
  /// The keys of the sockets; nil if messages are not encrypted.
  let encryption: ZeroMQ.Keys?

  /// Reads a file. Throws `kernel` if it is not one.
  init(_ path: String, host: any Host) throws {
    let file = try JSON(parsing: try host.read(path), what: path, kind: "kernel")
    guard case .string(let transport)? = file["transport"], case .string(let ip)? = file["ip"]
    else {
      throw Failure("kernel", "\(path) is not a connection file of Jupyter")
    }
    func address(_ name: String) throws -> String {
      guard case .number(let port)? = file[name + "_port"], let number = Int(exactly: port) else {
        throw Failure("kernel", "\(path) names no \(name)_port")
      }
      return "\(transport)://\(ip)\(transport == "ipc" ? "-" : ":")\(number)"
    }
    shell = try address("shell")
    control = try address("control")
    published = try address("iopub")
    input = try address("stdin")
    heartbeat = try address("hb")
    encryption = try ConnectionFile.encryption(file, path)
    guard case .string(let key)? = file["key"] else {
      self.key = []
      return
    }
    if case .string(let scheme)? = file["signature_scheme"], scheme != "hmac-sha256" {
      throw Failure("kernel", "kernel: messages can be signed with hmac-sha256, not with \(scheme)")
    }
    self.key = Array(key.utf8)
  }

  private static func encryption(_ file: JSON, _ path: String) throws -> ZeroMQ.Keys? {
    let found = ["curve_publickey", "curve_secretkey"].compactMap { name -> String? in
      if case .string(let key)? = file[name] { key } else { nil }
    }
    if found.isEmpty { return nil }
    guard found.count == 2, found.allSatisfy({ $0.utf8.count == 40 }) else {
      throw Failure("kernel", "\(path) does not have two keys of 40 characters for the encryption")
    }
    return ZeroMQ.Keys(publicKey: found[0], secretKey: found[1])
  }
}
