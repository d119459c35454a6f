import Formats
import Host

/// The file in which Jupyter tells a kernel the addresses to listen at, and the key that signs messages.
struct ConnectionFile {
  /// The address of each socket.
  let shell, control, published, input, heartbeat: String
  /// The key; empty if messages are not signed.
  let key: [UInt8]

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
    guard case .string(let key)? = file["key"] else {
      self.key = []
      return
    }
    if case .string(let scheme)? = file["signature_scheme"], scheme != "hmac-sha256" {
      throw Failure("kernel", "kernel: messages can be signed with hmac-sha256, not with \(scheme)")
    }
    self.key = Array(key.utf8)
  }
}
