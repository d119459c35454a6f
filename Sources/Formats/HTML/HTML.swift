import FoundationEssentials

/// HTML.
public enum HTML {
  /// Returns a text with the characters escaped that are special in elements and in attributes.
  public static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Returns the text of which an attribute is the escaped form.
  public static func unescaped(_ text: String) -> String {
    [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"),
      ("&amp;", "&"),
    ]
    .reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  /// Returns a table. `isRight` tells which columns are right-aligned.
  public static func table(head: [String], rows: [[String]], isRight: [Bool]) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>"
        + zip(cells, isRight).map { cell, isRight in
          "<\(tag)\(isRight ? " style=\"text-align: right\"" : "")>\(escaped(cell))</"
            + "\(tag.prefix(2))>"
        }.joined() + "</tr>\n"
    }
    return "<table>\n<thead>\n\(row(head, "th scope=\"col\""))</thead>\n<tbody>\n"
      + rows.map { row($0, "td") }.joined() + "</tbody>\n</table>"
  }

  /// Returns an address that contains a file itself.
  public static func address(of bytes: some Collection<UInt8>, type: String) -> String {
    "data:\(type);base64,\(Data(bytes).base64EncodedString())"
  }
}
