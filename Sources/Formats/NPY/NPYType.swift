import Host
import Tensors

/// The NumPy dtype that describes how a .npy file stores its elements.
struct NPYType {
  /// NumPy's type letter: `b` for bool, `i` and `u` for integers, `f` for floating point, `S` and
  /// `U` for strings, and others.
  let kind: Character
  /// The size of an element in bytes.
  let size: Int
  private let isBigEndian: Bool

  /// Parses what NumPy's `dtype` accepts: `<f4`, `=f4`, `|u1`, `f`, `float32`; nil for anything
  /// else.
  init?(_ text: String) {
    var rest = Substring(text)
    let order = rest.first.flatMap { "<>=|".contains($0) ? $0 : nil }
    if order != nil { rest.removeFirst() }
    isBigEndian = order == ">"
    if let other = NPYType.names[String(rest)] { rest = Substring(other) }
    guard let letter = rest.popFirst() else { return nil }
    // A time type has a unit after its size: `M8[ns]`.
    let number = rest.prefix { $0 != "[" }
    guard let size = number.isEmpty ? (letter == "O" ? 8 : 0) : Int(number), size >= 0 else {
      return nil
    }
    kind = letter == "a" ? "S" : letter
    self.size = kind == "U" ? size.multipliedReportingOverflow(by: 4).partialValue : size
    switch kind {
    case "b": if size != 1 { return nil }
    case "i", "u": if ![1, 2, 4, 8].contains(size) { return nil }
    case "f": if ![2, 4, 8, 12, 16].contains(size) { return nil }
    case "c", "M", "m", "O", "V": break
    case "S", "U": if size > Int.max / 8 { return nil }
    default: return nil
    }
  }

  /// NumPy's letters and names without a size, and its type names that are words.
  private static let names = [
    "?": "b1", "bool": "b1", "b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4",
    "l": "i8", "L": "u8", "q": "i8", "Q": "u8", "e": "f2", "f": "f4", "d": "f8", "g": "f16",
    "F": "c8", "D": "c16", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2",
    "int32": "i4", "uint32": "u4", "int64": "i8", "uint64": "u8", "float16": "f2",
    "float32": "f4", "float64": "f8", "complex64": "c8", "complex128": "c16",
  ]

  /// The plural name of a kind of element that neither a tensor nor a list of strings can
  /// represent, such as `complex numbers`; nil for all other types.
  var unread: String? {
    switch kind {
    case "c": "complex numbers"
    case "M": "dates"
    case "m": "spans of time"
    case "O": "Python's objects"
    case "V": "records of several fields"
    case "f" where size > 8: "numbers of long double precision"
    default: nil
    }
  }

  /// The type of the numbers; nil for strings and unsupported types.
  private var element: ElementType? {
    switch (kind, size) {
    case ("b", _): .bool
    case ("u", 1): .uint8
    case ("i", 1): .int8
    case ("u", 2): .uint16
    case ("i", 2): .int16
    case ("u", 4): .uint32
    case ("i", 4): .int32
    case ("u", _): .uint64
    case ("i", _): .int64
    case ("f", 2): .float16
    case ("f", 4): .float32
    case ("f", 8): .float64
    default: nil
    }
  }

  /// Returns the numbers in `bytes` in the given shape, converted as by `ElementType`; nil if the
  /// type is not numeric.
  func tensor(_ bytes: ArraySlice<UInt8>, _ shape: [Int], what: String) throws -> Tensor? {
    try bytes.withUnsafeBytes { bytes in
      try element?.tensor(bytes, shape: shape, isBigEndian: isBigEndian, what: what)
    }
  }

  /// Returns the strings in `bytes`, which NumPy pads with zeros. Throws `element-type` for
  /// anything that is not text.
  func texts(_ bytes: ArraySlice<UInt8>, count: Int, what: String) throws -> [String] {
    try (0..<count).map { i in
      let one = bytes.dropFirst(i * size).prefix(size)
      if kind == "S" {
        let end = one.lastIndex { $0 != 0 }.map { $0 + 1 } ?? one.startIndex
        guard let text = String(validating: one[..<end], as: UTF8.self) else {
          throw Failure("element-type", "\(what) holds bytes that are not text in UTF-8")
        }
        return text
      }
      var text = String.UnicodeScalarView()
      let words = words(one)
      for word in words[..<(words.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)] {
        guard let character = UnicodeScalar(word) else {
          throw Failure("element-type", "\(what) holds \(word), which is not a character")
        }
        text.append(character)
      }
      return String(text)
    }
  }

  private func words(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
    bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map {
        let word = raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
      }
    }
  }
}
