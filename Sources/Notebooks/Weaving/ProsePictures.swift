import Formats
import Host

/// The pictures that prose refers to by their files.
enum ProsePictures {
  private static let types = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "svg": "image/svg+xml",
    "gif": "image/gif", "webp": "image/webp",
  ]

  /// Returns HTML in which pictures of files, relative to a folder, are part of the page. Those on other
  /// machines, and files that cannot be read, become links.
  static func embedded(_ html: String, folder: String, host: any Host) -> String {
    let open = "<img src=\""
    var result = ""
    var rest = html[...]
    while let range = rest.firstRange(of: open) {
      result += rest[..<range.lowerBound]
      rest = rest[range.upperBound...]
      guard let quote = rest.firstIndex(of: "\""), let end = rest[quote...].firstIndex(of: ">")
      else {
        result += open
        break
      }
      let (address, others) = (String(rest[..<quote]), rest[quote..<end].dropFirst())
      if let data = data(address, folder, host) {
        result += "\(open)\(data)\"\(others)>"
      } else {
        result += "<a href=\"\(address)\">\(alternative(others) ?? address)</a>"
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func data(_ address: String, _ folder: String, _ host: any Host) -> String? {
    if address.hasPrefix("data:") { return address }
    let ending = address.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard let type = types[ending], !address.contains("://") else { return nil }
    let typed = HTML.unescaped(address)
    for name in [PercentCoding.decoded(typed), typed] {
      guard let name else { continue }
      let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      if let bytes = try? host.read(path) { return HTML.address(of: bytes, type: type) }
    }
    return nil
  }

  /// Returns the alternative text among attributes; nil if it is empty.
  private static func alternative(_ attributes: Substring) -> String? {
    guard let range = attributes.firstRange(of: "alt=\"") else { return nil }
    let text = attributes[range.upperBound...].prefix { $0 != "\"" }
    return text.isEmpty ? nil : String(text)
  }
}
