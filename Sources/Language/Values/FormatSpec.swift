import Host
import Syntax

/// Python's format spec: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
struct FormatSpec {
  private(set) var fill: Unicode.Scalar = " "
  private(set) var align: Unicode.Scalar?
  private(set) var sign: Unicode.Scalar = "-"
  private(set) var isAlternate = false
  private(set) var width = 0
  private(set) var grouping: Unicode.Scalar?
  private(set) var precision: Int?
  private(set) var type: Unicode.Scalar?
  let text: String

  /// The maximum width and precision; a larger one is surely a mistake.
  private static let most = 10_000

  /// Parses a spec; the error names the invalid part.
  init(_ text: String) throws {
    self.text = text
    let scalars = Array(text.unicodeScalars)
    var i = 0
    func peek(_ set: String, at index: Int) -> Unicode.Scalar? {
      index < scalars.count && set.unicodeScalars.contains(scalars[index]) ? scalars[index] : nil
    }
    func number() -> Int? {
      var value: Int?
      while i < scalars.count, let digit = FormatSpec.digit(scalars[i]) {
        value = min((value ?? 0) * 10 + digit, FormatSpec.most)
        i += 1
      }
      return value
    }
    if let found = peek("<>^=", at: 1) {
      fill = scalars[0]
      align = found
      i = 2
    } else if let found = peek("<>^=", at: 0) {
      align = found
      i = 1
    }
    if let found = peek("+- ", at: i) {
      sign = found
      i += 1
    }
    if peek("#", at: i) != nil {
      isAlternate = true
      i += 1
    }
    if peek("0", at: i) != nil {
      if align == nil {
        fill = "0"
        align = "="
      }
      i += 1
    }
    width = number() ?? 0
    if let found = peek(",_", at: i) {
      grouping = found
      i += 1
    }
    if peek(".", at: i) != nil {
      i += 1
      guard let digits = number() else { throw Self.invalid(text, "no digits after the point") }
      precision = digits
    }
    if i < scalars.count {
      type = scalars[i]
      i += 1
    }
    guard i == scalars.count else {
      throw Self.invalid(text, "\"\(scalars[(i - 1)...].map(String.init).joined())\" is left over")
    }
    if let type, !"bcdeEfFgGnosxX%".unicodeScalars.contains(type) {
      throw Self.invalid(text, "\"\(type)\" is not a type")
    }
  }

  /// Formats a string: padded to the width, truncated to the precision.
  func format(_ value: String) throws -> String {
    if let type, type != "s" { throw wrongType(type, "a number", Value(value).brief) }
    if align == "=" && fill != "0" { throw Self.invalid(text, "\"=\" is for numbers") }
    var shown = value
    if let precision, precision < value.unicodeScalars.count {
      shown = String(String.UnicodeScalarView(value.unicodeScalars.prefix(precision)))
    }
    return pad("", shown, default: "<")
  }

  /// Formats a number.
  func format(_ x: Double) throws -> String {
    if type == "s" { throw wrongType("s", "a string", NumberText.repr(x)) }
    if let type, "bcdoxX".unicodeScalars.contains(type) {
      guard let whole = NumberText.wholeNumber(x) else {
        throw wrongType(type, "a whole number", NumberText.repr(x))
      }
      return try format(whole, type)
    }
    var digits = x.isFinite ? decimal(x.magnitude) : x.isNaN ? "nan" : "inf"
    if type == "%" { digits += "%" }
    if type == "E" || type == "F" || type == "G" { digits = digits.uppercased() }
    return pad(signText(x.sign == .minus && !x.isNaN), grouped(digits, by: 3), default: ">")
  }

  private func format(_ whole: Int, _ type: Unicode.Scalar) throws -> String {
    if precision != nil { throw Self.invalid(text, "whole numbers take no precision") }
    let size = whole.magnitude
    var digits: String
    var prefix = ""
    switch type {
    case "b": (digits, prefix) = (String(size, radix: 2), "0b")
    case "o": (digits, prefix) = (String(size, radix: 8), "0o")
    case "x": (digits, prefix) = (String(size, radix: 16), "0x")
    case "X": (digits, prefix) = (String(size, radix: 16, uppercase: true), "0X")
    case "c":
      guard whole >= 0, let code = UInt32(exactly: whole), let scalar = Unicode.Scalar(code) else {
        throw wrongType(type, "a code point", String(whole))
      }
      return pad("", String(scalar), default: "<")
    default: digits = String(size)
    }
    digits = grouped(digits, by: type == "d" ? 3 : 4)
    return pad(signText(whole < 0) + (isAlternate ? prefix : ""), digits, default: ">")
  }

  /// The digits of a finite number without its sign.
  private func decimal(_ x: Double) -> String {
    switch type {
    case "e", "E":
      return NumberText.printf(x, "e", precision: precision ?? 6, alternate: isAlternate)
    case "f", "F":
      return NumberText.printf(x, "f", precision: precision ?? 6, alternate: isAlternate)
    case "%": return NumberText.printf(x * 100, "f", precision: precision ?? 6)
    case "g", "G", "n":
      return NumberText.printf(x, "g", precision: max(1, precision ?? 6), alternate: isAlternate)
    default:
      guard let precision else { return NumberText.repr(x) }
      return NumberText.printf(x, "g", precision: max(1, precision), alternate: isAlternate)
    }
  }

  private func signText(_ isNegative: Bool) -> String {
    isNegative ? "-" : sign == "-" ? "" : String(sign)
  }

  /// Inserts separators between groups of digits of the integer part.
  private func grouped(_ digits: String, by size: Int) -> String {
    guard let grouping else { return digits }
    let hex = size == 4
    let whole = digits.unicodeScalars.prefix {
      hex ? $0.properties.isASCIIHexDigit : FormatSpec.digit($0) != nil
    }
    var result = String.UnicodeScalarView()
    for (i, scalar) in whole.enumerated() {
      if i > 0 && (whole.count - i) % size == 0 { result.append(grouping) }
      result.append(scalar)
    }
    result.append(contentsOf: digits.unicodeScalars.dropFirst(whole.count))
    return String(result)
  }

  private func pad(_ sign: String, _ body: String, default standard: Unicode.Scalar) -> String {
    let missing = width - sign.unicodeScalars.count - body.unicodeScalars.count
    guard missing > 0 else { return sign + body }
    func filler(_ count: Int) -> String { String(repeating: String(fill), count: count) }
    switch align ?? standard {
    case "<": return sign + body + filler(missing)
    case "^": return filler(missing / 2) + sign + body + filler(missing - missing / 2)
    case "=": return sign + filler(missing) + body
    default: return filler(missing) + sign + body
    }
  }

  private static func digit(_ scalar: Unicode.Scalar) -> Int? {
    scalar.value >= 48 && scalar.value <= 57 ? Int(scalar.value) - 48 : nil
  }

  private static func invalid(_ text: String, _ why: String) -> Failure {
    Failure(
      "format", "f-string: \"\(text)\" is not a format: \(why)",
      hint: "formats are Python's: .3f, .1%, >8, 06d, +.2e, ,")
  }

  private func wrongType(_ type: Unicode.Scalar, _ wanted: String, _ got: String) -> Failure {
    Failure("format", "f-string: format \"\(text)\" needs \(wanted), got \(got)")
  }
}

extension Value {
  /// The text of `f"{x:spec}"`. Throws `format`.
  public func formatted(_ spec: String) throws -> String { try formatted(spec, nil) }

  /// The same with the spec as it was parsed, if that has been done.
  func formatted(_ spec: String, _ parsed: FormatSpec?) throws -> String {
    if case .object(let object) = self {
      if let text = try object.formatted(spec) { return text }
      return spec.isEmpty ? printed : try (parsed ?? FormatSpec(spec)).format(printed)
    }
    if spec.isEmpty { return printed }
    let format = try parsed ?? FormatSpec(spec)
    if case .number(let x) = self { return try format.format(x) }
    if case .string(let box) = self { return try format.format(box.text) }
    if let type = format.type, type != "s" {
      throw Failure("format", "f-string: format \"\(spec)\" needs a number, got \(brief)")
    }
    return try format.format(printed)
  }
}
