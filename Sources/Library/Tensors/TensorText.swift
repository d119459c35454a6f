import Glibc
import Language
import Tensors

/// Tensors as text: a line for `print`, rows for the prompt.
enum TensorText {
  /// Up to so many elements all are shown; of longer axes only the ends are.
  private static let most = 100
  private static let ends = 3

  /// One line: the number of a scalar, the elements of few, else shape, type and range.
  static func summary(_ x: Tensor) -> String {
    if x.rank == 0 { return number(x, 0) }
    let head = header(x)
    if x.count > 16 { return head + range(x) }
    return "\(head) \(rows(x, lineBreaks: false))"
  }

  /// Shape, type, range if there are many elements, and the elements or those of the corners.
  static func display(_ x: Tensor, columns: Int) -> String {
    if x.rank == 0 { return number(x, 0) }
    return header(x) + (x.count > most ? range(x) : "") + "\n" + rows(x, lineBreaks: true)
  }

  /// Element `i` as the language prints it, with the digits of its own type.
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

  /// `, -0.5 to 2`, and how many elements are no finite numbers; for bool how many are true.
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
    // Positions that are shown along each axis; nil is the gap.
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

  /// Numbers in one form: whole where all are; with as many of four decimals as they need; or, where
  /// that would hide small ones or blow up large ones, each with four digits.
  private static func cells(_ values: [Double], _ dtype: DType) -> [String] {
    if dtype == .bool { return values.map { $0 != 0 ? "true" : "false" } }
    let finite = values.filter(\.isFinite)
    let largest = finite.map(\.magnitude).max() ?? 0
    let least = finite.map(\.magnitude).filter { $0 > 0 }.min() ?? 1
    if finite.allSatisfy({ $0 == $0.rounded() }) && (largest < 1e9 || !dtype.isFloating) {
      return values.map { Value.number($0).printed }
    }
    if largest >= 1e6 || least < 1e-3 { return values.map { printf($0, "%.4g") } }
    let texts = values.map { printf($0, "%.4f") }
    let spare =
      Swift.zip(texts, values).filter { $1.isFinite }.map { text, _ in
        text.reversed().prefix { $0 == "0" }.count
      }.min() ?? 0
    return Swift.zip(texts, values).map { text, value in
      value.isFinite ? String(text.dropLast(min(spare, 3))) : text
    }
  }

  private static func printf(_ x: Double, _ format: String) -> String {
    if !x.isFinite { return Value.number(x).printed }
    var buffer = [CChar](repeating: 0, count: 400)
    let count = withVaList([x]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(decoding: buffer.prefix(Int(max(0, count))).map(UInt8.init), as: UTF8.self)
  }
}
