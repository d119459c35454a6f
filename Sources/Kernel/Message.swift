import Formats

/// A message of Jupyter's protocol.
struct Message {
  /// The version of the protocol; everything here follows it.
  static let version = "5.5"

  /// What is written before a message: the addresses of who asked, or the topic of what is published.
  var addresses: [[UInt8]]
  /// Its type: `execute_request`.
  let type: String
  /// Its header, as it was received or is sent.
  let header: [UInt8]
  /// The header of the message that it belongs to; `{}` if it belongs to none.
  let parent: [UInt8]
  /// Its content.
  let content: JSON
  /// The subshell that it is for; nil for the shell itself.
  let subshell: String?

  private static let delimiter = Array("<IDS|MSG>".utf8)
  private static let empty = Array("{}".utf8)

  /// Reads the parts of a message; nil if they are not one, or do not have the signature. Without a
  /// signature, none is compared.
  init?(parts: [[UInt8]], signature: Signature?) {
    guard let mark = parts.firstIndex(of: Message.delimiter), parts.count >= mark + 6 else {
      return nil
    }
    let signed = Array(parts[(mark + 2)..<(mark + 6)])
    guard signature.map({ Array($0.text(of: signed).utf8) == parts[mark + 1] }) ?? true,
      let header = try? JSON(parsing: signed[0], what: "header"),
      let content = try? JSON(parsing: signed[3], what: "content"),
      case .string(let type)? = header["msg_type"]
    else { return nil }
    addresses = Array(parts[..<mark])
    (self.type, self.header, self.content) = (type, signed[0], content)
    if case .string(let name)? = header["subshell_id"] { subshell = name } else { subshell = nil }
    parent = signed[1]
  }

  /// Makes a message that belongs to another one.
  init(
    _ type: String, _ content: JSON, to parent: Message?, addresses: [[UInt8]], id: String,
    session: String, date: String
  ) {
    self.addresses = addresses
    (self.type, self.content, subshell) = (type, content, nil)
    self.parent = parent?.header ?? Message.empty
    header = Array(
      JSON.object([
        ("msg_id", .string(id)), ("session", .string(session)), ("username", .string("limbeck")),
        ("date", .string(date)), ("msg_type", .string(type)), ("version", .string(Message.version)),
      ]).text.utf8)
  }

  /// The parts that are sent.
  func parts(signature: Signature?) -> [[UInt8]] {
    let signed = [header, parent, Message.empty, Array(content.text.utf8)]
    let text = signature?.text(of: signed) ?? ""
    return addresses + [Message.delimiter, Array(text.utf8)] + signed
  }

  /// A string of the content.
  func string(_ name: String) -> String {
    if case .string(let text)? = content[name] { text } else { "" }
  }

  /// A number of the content.
  func number(_ name: String) -> Int? {
    if case .number(let x)? = content[name] { Int(exactly: x) } else { nil }
  }

  /// A flag of the content, with its value if it is left out.
  func flag(_ name: String, _ fallback: Bool) -> Bool {
    if case .bool(let value)? = content[name] { value } else { fallback }
  }
}
