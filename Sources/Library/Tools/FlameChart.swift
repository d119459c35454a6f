import Formats
import Host
import Language
import Syntax

/// The calls of a profiled run as a tree: how long each function took when it was called from where
/// it was.
final class FlameChart {
  private final class Call {
    let name: String
    var seconds = 0.0
    var inner: [Call] = []

    init(_ name: String) { self.name = name }

    /// The call of a function from here.
    func call(of name: String) -> Call {
      if let known = inner.first(where: { $0.name == name }) { return known }
      let made = Call(name)
      inner.append(made)
      return made
    }

    var depth: Int { 1 + (inner.map(\.depth).max() ?? 0) }
  }

  private let root = Call("all")

  /// Adds the time since the last sample to the calls that were active, outermost first.
  func add(_ names: [String], seconds: Double) {
    var call = root
    call.seconds += seconds
    for name in names {
      call = call.call(of: name)
      call.seconds += seconds
    }
  }

  /// The chart: a bar for each call, as wide as the time it took, below the function that called it.
  var svg: String {
    let (width, row, left) = (1200.0, 18.0, 10.0)
    let height = Double(root.depth) * row + 2 * left
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width + 2 * left))" height="\(Int(height))" \
      font-family="monospace" font-size="12">
      <rect width="100%" height="100%" fill="#ffffff"/>

      """
    let scale = root.seconds > 0 ? width / root.seconds : 0
    var waiting = [(call: root, x: left, level: 0)]
    while let (call, x, level) = waiting.popLast() {
      let wide = call.seconds * scale
      // What is narrower than this can't be seen.
      if wide < 0.2 { continue }
      let y = left + Double(level) * row
      let share = Int((call.seconds / max(root.seconds, .leastNormalMagnitude) * 100).rounded())
      let name = HTML.escaped(call.name)
      text += "<g><title>\(name): \(Elapsed.text(call.seconds, digits: 3)), \(share) %</title>"
      text += "<rect x=\"\(FlameChart.short(x))\" y=\"\(FlameChart.short(y))\" "
      text += "width=\"\(FlameChart.short(max(wide - 0.5, 0.2)))\" height=\"\(Int(row) - 1)\" "
      text += "fill=\"\(FlameChart.colour(of: call.name))\"/>"
      let letters = Int((wide - 6) / 7.3)
      if letters >= 3 {
        let label = call.name.count <= letters ? call.name : call.name.prefix(letters - 1) + "…"
        text += "<text x=\"\(FlameChart.short(x + 3))\" y=\"\(FlameChart.short(y + 13))\">"
        text += "\(HTML.escaped(String(label)))</text>"
      }
      text += "</g>\n"
      var next = x
      for inner in call.inner {
        waiting.append((inner, next, level + 1))
        next += inner.seconds * scale
      }
    }
    return text + "</svg>\n"
  }

  /// A warm colour that is always the same for a name.
  private static func colour(of name: String) -> String {
    let hash = name.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
    return "hsl(\(20 + hash % 35), 85%, \(62 + hash / 35 % 14)%)"
  }

  private static func short(_ x: Double) -> String { String((x * 10).rounded() / 10) }
}
