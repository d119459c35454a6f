/// A string, boxed to keep `Value` small.
public final class StringBox {
  /// The text.
  public let text: String
  private var knownCount = -1
  private let counted: Int

  /// Makes a string.
  public init(_ text: String) {
    self.text = text
    // Short texts are stored inside the box.
    let bytes = text.utf8.count
    counted = bytes > 15 ? 112 &+ bytes : 64
    ContainerMemory.add(counted)
  }

  deinit { ContainerMemory.remove(counted) }

  /// The number of Unicode scalars; computed once.
  public var count: Int {
    if knownCount < 0 { knownCount = text.unicodeScalars.count }
    return knownCount
  }

  /// Whether every scalar is one byte, so that positions are found without a scan.
  var isASCII: Bool { count == text.utf8.count }

  /// The string index of a scalar's position, which must be within 0...count.
  func index(_ position: Int) -> String.Index {
    isASCII
      ? text.utf8.index(text.utf8.startIndex, offsetBy: position)
      : text.unicodeScalars.index(text.unicodeScalars.startIndex, offsetBy: position)
  }

  /// A substring by scalar positions, which must be within 0...count.
  func slice(_ low: Int, _ high: Int) -> String {
    low >= high ? "" : String(text.unicodeScalars[index(low)..<index(high)])
  }

  /// The scalars at some positions, which must be within 0..<count.
  func picking(_ positions: RangePositions) -> String {
    if positions.step == 1 { return slice(positions.first, positions.first + positions.count) }
    let scalars = Array(text.unicodeScalars)
    return String(String.UnicodeScalarView(positions.map { scalars[$0] }))
  }
}
