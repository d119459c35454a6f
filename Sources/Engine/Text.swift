extension StringProtocol {
  /// The text without white space at its ends.
  public var trimmed: String {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }
}
