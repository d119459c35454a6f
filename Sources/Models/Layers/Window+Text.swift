import Formats
import Gradients

extension Window {
  var strideJSON: JSON { JSON([stride.y, stride.x]) }
  var paddingJSON: JSON { JSON([padding.top, padding.bottom, padding.left, padding.right]) }

  /// The options as written in code, without those that have their default values.
  func describe(stride standard: [Int]) -> String {
    var text = ""
    if [stride.y, stride.x] != [standard[0], standard[standard.count - 1]] {
      text += ", stride: " + (stride.y == stride.x ? "\(stride.y)" : "[\(stride.y), \(stride.x)]")
    }
    let p = padding
    if p == (p.top, p.top, p.top, p.top) {
      if p.top != 0 { text += ", padding: \(p.top)" }
    } else if p.top == p.bottom && p.left == p.right {
      text += ", padding: [\(p.top), \(p.left)]"
    } else {
      text += ", padding: [\(p.top), \(p.bottom), \(p.left), \(p.right)]"
    }
    return text
  }
}
