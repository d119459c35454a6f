import Formats
import Gradients

extension Window {
  var strideJSON: JSON { JSON([stride.y, stride.x]) }
  var paddingJSON: JSON {
    switch padding {
    case .same: .string("same")
    case .fixed(let top, let bottom, let left, let right): JSON([top, bottom, left, right])
    }
  }

  /// The options as written in code, without those that have their default values.
  func describe(stride standard: [Int]) -> String {
    var text = ""
    if [stride.y, stride.x] != [standard[0], standard[standard.count - 1]] {
      text += ", stride: " + (stride.y == stride.x ? "\(stride.y)" : "[\(stride.y), \(stride.x)]")
    }
    return text + (padding == .none ? "" : ", padding: \(padding.text)")
  }

  /// A dilation as written in code; nothing for 1.
  static func describe(dilation: (y: Int, x: Int)) -> String {
    if dilation == (1, 1) { return "" }
    return ", dilation: "
      + (dilation.y == dilation.x ? "\(dilation.y)" : "[\(dilation.y), \(dilation.x)]")
  }
}

extension Padding {
  /// The padding as written in code.
  fileprivate var text: String {
    switch self {
    case .same: "\"same\""
    case .fixed(let top, let bottom, let left, let right):
      if (bottom, left, right) == (top, top, top) {
        "\(top)"
      } else if (top, left) == (bottom, right) {
        "[\(top), \(left)]"
      } else {
        "[\(top), \(bottom), \(left), \(right)]"
      }
    }
  }
}
