import Glibc
import Language
import Tensors

/// The text of tensors: one line for `print`, rows for the prompt.
enum TensorText {
  /// Returns the text that `print` shows: one line for few elements, otherwise the same as at the
  /// prompt.
  static func printed(_ x: Tensor) -> String {
    x.count > 16 ? display(x, columns: 80) : summary(x)
  }

  /// Returns one line, as shown in lists: the number of a scalar, the elements of a small tensor,
  /// or else the shape, type and range.
  static func summary(_ x: Tensor) -> String {
    if x.rank == 0 { return number(x, 0) }
    let head = header(x)
    if x.count > 16 { return head + range(x) }
    return "\(head) \(rows(x, lineBreaks: false))"
  }

  /// Returns the shape and type, the range if there are many elements, and the elements or those at
  /// the corners.
  static func display(_ x: Tensor, columns: Int) -> String {
    if x.rank == 0 { return number(x, 0) }
    let isCut = x.count > PrintOptions.current.threshold
    return header(x) + (isCut ? range(x) : "") + "\n" + rows(x, lineBreaks: true)
  }

  /// Returns element `i` as the language prints it, with the digits of its own type.
  static func number(_ x: Tensor, _ i: Int) -> String {
    switch x.dtype {
    case .bool: return x.element(i) != 0 ? "true" : "false"
    case .float32:
      let value = x.read(Float.self) { $0[i] }
      if value.magnitude < 0x1p24 && value == value.rounded() || !value.isFinite {
        return Value.number(Double(value)).printed
      }
      let text = value.description
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    default: return Value.number(x.element(i)).printed
    }
  }

  private static func header(_ x: Tensor) -> String {
    "tensor \(Tensor.describe(x.shape)) \(x.dtype.name)"
  }

  /// Returns `, -0.5 to 2` and the number of elements that are not finite; for bool, the number of
  /// true elements.
  private static func range(_ x: Tensor) -> String {
    if x.dtype == .bool {
      return ", \((try? x.sum().element(0)).map { Int($0) } ?? 0) true"
    }
    var low = Double.infinity
    var high = -Double.infinity
    var odd = 0
    for i in 0..<x.count {
      let value = x.element(i)
      if value.isFinite {
        low = min(low, value)
        high = max(high, value)
      } else {
        odd += 1
      }
    }
    let ends = low <= high ? [cells([low, high], x.dtype)].map { ", \($0[0]) to \($0[1])" }[0] : ""
    return ends + (odd > 0 ? ", \(odd) nan or inf" : "")
  }

  private static func rows(_ x: Tensor, lineBreaks: Bool) -> String {
    if x.count == 0 { return "[]" }
    let (most, ends) = (PrintOptions.current.threshold, PrintOptions.current.edgeitems)
    // The positions shown along each axis; nil is the ellipsis.
    let shown: [[Int?]] = x.shape.map { size in
      x.count <= most || size <= 2 * ends
        ? Array(0..<size) : Array(0..<ends) + [nil] + Array(size - ends..<size)
    }
    let strides = x.shape.indices.map { x.shape[($0 + 1)...].reduce(1, *) }
    var positions: [Int] = []
    func collect(_ axis: Int, _ start: Int) {
      if axis == x.rank { return positions.append(start) }
      for case .some(let i) in shown[axis] { collect(axis + 1, start + i * strides[axis]) }
    }
    collect(0, 0)
    let texts = cells(positions.map(x.element), x.dtype)
    let width = lineBreaks && x.rank > 1 ? texts.map(\.utf8.count).max() ?? 0 : 0
    var next = 0
    func write(_ axis: Int) -> String {
      if axis == x.rank {
        defer { next += 1 }
        return String(repeating: " ", count: max(0, width - texts[next].utf8.count)) + texts[next]
      }
      let parts = shown[axis].map { $0 == nil ? "..." : write(axis + 1) }
      let separator =
        lineBreaks && axis < x.rank - 1
        ? "," + String(repeating: "\n", count: x.rank - 1 - axis)
          + String(repeating: " ", count: axis + 1)
        : ", "
      return "[" + parts.joined(separator: separator) + "]"
    }
    return write(0)
  }

  /// Formats numbers uniformly, following NumPy's rule: as integers if all are whole; in scientific
  /// notation if the largest magnitude is at least 1e8, the smallest non-zero one is below 1e-4, or
  /// their ratio exceeds 1000; otherwise with as many decimal places as the numbers need, but at
  /// most `precision`.
  private static func cells(_ values: [Double], _ dtype: DType) -> [String] {
    if dtype == .bool { return values.map { $0 != 0 ? "true" : "false" } }
    let sizes = values.filter(\.isFinite).map(\.magnitude)
    let largest = sizes.max() ?? 0
    let least = sizes.filter { $0 > 0 }.min() ?? 1
    if sizes.allSatisfy({ $0 == $0.rounded() }) && (largest < 1e8 || !dtype.isFloating) {
      return values.map { Value.number($0).printed }
    }
    let isScientific =
      largest >= 1e8 || largest > 0 && (least < 1e-4 || largest / least > 1000)
    let digits = PrintOptions.current.precision
    let texts = values.map { value -> String in
      guard value.isFinite else { return Value.number(value).printed }
      return shortest(value, dtype, digits, isScientific)
    }
    // All numbers get as many decimal places as the one that needs most.
    let most = texts.map(fraction).max() ?? 0
    return Swift.zip(texts, values).map { text, value in
      value.isFinite ? padded(text, to: most) : text
    }
  }

  /// Formats a number with the fewest decimal places that distinguish it from other numbers of its
  /// type, but at most `digits`.
  private static func shortest(
    _ value: Double, _ dtype: DType, _ digits: Int, _ isScientific: Bool
  ) -> String {
    for count in 0..<digits {
      let text = printf(value, "%.\(count)" + (isScientific ? "e" : "f"))
      let read = Double(text) ?? .nan
      if dtype == .float32 ? Float(read) == Float(value) : read == value { return text }
    }
    return printf(value, "%.\(digits)" + (isScientific ? "e" : "f"))
  }

  /// Returns the number of decimal places in a text.
  private static func fraction(_ text: String) -> Int {
    guard let point = text.firstIndex(of: ".") else { return 0 }
    return text[point...].dropFirst().prefix { $0.isNumber }.count
  }

  /// Pads a number with zeros to the given number of decimal places.
  private static func padded(_ text: String, to count: Int) -> String {
    let own = fraction(text)
    guard own < count else { return text }
    let zeros = (own == 0 ? "." : "") + String(repeating: "0", count: count - own)
    let end = text.firstIndex(of: "e") ?? text.endIndex
    return text[..<end] + zeros + text[end...]
  }

  private static func printf(_ x: Double, _ format: String) -> String {
    if !x.isFinite { return Value.number(x).printed }
    var buffer = [CChar](repeating: 0, count: 400)
    let count = withVaList([x]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(decoding: buffer.prefix(Int(max(0, count))).map(UInt8.init), as: UTF8.self)
  }
}
