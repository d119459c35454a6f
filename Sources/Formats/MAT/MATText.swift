/// The characters of a MATLAB text.
struct MATText {
  /// The dimensions, in characters.
  let shape: [Int]
  /// The characters in UTF-16, whose first index varies fastest. There may be more or fewer than the
  /// dimensions say if the file stores them as UTF-8.
  let units: [UInt16]

  /// The text; the rows of a matrix are joined with newlines.
  var text: String {
    let rows = shape.first ?? 1
    guard rows > 1, !units.isEmpty, units.count == shape.reduce(1, &*) else {
      return String(decoding: units, as: UTF16.self)
    }
    return (0..<rows).map { row in
      String(
        decoding: stride(from: row, to: units.count, by: rows).map { units[$0] }, as: UTF16.self)
    }.joined(separator: "\n")
  }
}
