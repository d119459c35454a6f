import Formats
import Host

/// A node of an ONNX file that is read. Each attribute must be asked for: one that is not is an
/// error at the end, so that none is passed over.
final class ONNXNodeReader {
  let node: ONNXModel.Node
  private let file: String
  private var rest: [String: ONNXModel.Attribute]

  init(_ node: ONNXModel.Node, file: String) {
    (self.node, self.file) = (node, file)
    rest = Dictionary(
      node.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
  }

  /// A failure that names the node.
  func wrong(_ text: String) -> Failure {
    let name = node.name.isEmpty ? node.outputs.first ?? "" : node.name
    return Failure("onnx", "\(file): the node \"\(name)\" (\(node.op)) \(text)")
  }

  /// Whether it has an input at a position.
  func has(_ position: Int) -> Bool {
    node.inputs.indices.contains(position) && !node.inputs[position].isEmpty
  }

  /// The name of an input that it must have.
  func input(_ position: Int) throws -> String {
    guard has(position) else { throw wrong("has no input \(position)") }
    return node.inputs[position]
  }

  /// The name of its only output.
  func output() throws -> String {
    guard let name = node.outputs.first, node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
      throw wrong("has \(node.outputs.count) outputs, where one is read")
    }
    return name
  }

  /// A whole number.
  func int(_ name: String, default standard: Int) throws -> Int {
    switch rest.removeValue(forKey: name) {
    case nil: return standard
    case .int(let number)?: return number
    default: throw wrong("has a \(name) that is not a whole number")
    }
  }

  /// Throws if an attribute, which is `number` where it is missing, is anything else.
  func expect(_ name: String, _ number: Int) throws {
    let value = try int(name, default: number)
    guard value == number else {
      throw wrong("has \(name) = \(value), where only \(number) is read")
    }
  }

  /// A number.
  func number(_ name: String, default standard: Double) throws -> Double {
    switch rest.removeValue(forKey: name) {
    case nil: return standard
    case .float(let number)?: return number.decimal
    default: throw wrong("has a \(name) that is not a number")
    }
  }

  /// A number; nil if it is missing.
  func number(_ name: String) throws -> Double? {
    rest[name] == nil ? nil : try number(name, default: 0)
  }

  /// Whole numbers; nil if they are missing. Throws if they are not `count`.
  func ints(_ name: String, count: Int? = nil) throws -> [Int]? {
    switch rest.removeValue(forKey: name) {
    case nil: return nil
    case .ints(let numbers)? where numbers.count == count ?? numbers.count: return numbers
    default:
      throw wrong(
        "has a \(name) that is not a list of \(count.map { "\($0) " } ?? "")whole numbers")
    }
  }

  /// Throws unless the node's window, where it names one, is that of its weights.
  func expectWindow(_ size: (height: Int, width: Int)) throws {
    let sides = [size.height, size.width]
    guard try ints("kernel_shape", count: 2) ?? sides == sides else {
      throw wrong("has a kernel_shape that is not that of its weights")
    }
  }

  /// The distance between the elements of a window, along both axes.
  func dilation() throws -> (y: Int, x: Int) {
    let dilation = try ints("dilations", count: 2) ?? [1, 1]
    guard dilation.allSatisfy({ (1...1 << 16).contains($0) }) else {
      throw wrong("has the dilations \(dilation), where 1 to 65536 are read")
    }
    return (dilation[0], dilation[1])
  }

  /// A text.
  func string(_ name: String, default standard: String) throws -> String {
    switch rest.removeValue(forKey: name) {
    case nil: return standard
    case .string(let text)?: return text
    default: throw wrong("has a \(name) that is not a text")
    }
  }

  /// Any attribute; nil if it is missing.
  func attribute(_ name: String) -> ONNXModel.Attribute? { rest.removeValue(forKey: name) }

  /// Throws if there are attributes that nothing asked for.
  func finish() throws {
    if let name = rest.keys.min() { throw wrong("has the attribute \(name), which is not read") }
  }
}

extension Float {
  /// The number that its shortest decimal form means: 0.1 and not the nearest float32.
  var decimal: Double { Double(description) ?? Double(self) }
}
