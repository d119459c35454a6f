import Syntax

/// Writes values into a text up to a number of items.
struct Printer {
  private(set) var text = ""
  /// Whether anything was left out.
  private(set) var isCut = false
  private var items: Int
  private let options = PrintOptions.current
  private var open: [ObjectIdentifier] = []

  /// Containers nested deeper than this are printed as `[...]`.
  private static let deepest = 100

  /// Makes a printer that shows at most a number of items.
  init(items: Int) { self.items = items }

  /// Writes a value, a string in quotes.
  mutating func write(_ value: Value, depth: Int) {
    switch value {
    case .nil, .unset: text += "nil"
    case .bool(let x): text += x ? "true" : "false"
    case .number(let x): text += NumberText.repr(x)
    case .string(let box): text += StringText.quoted(box.text)
    case .range(let range): text += range.summary
    case .function(let closure): text += closure.summary
    case .object(let object): text += object.summary
    case .list(let list):
      guard enter(list, depth) else {
        text += "[...]"
        return
      }
      text += "["
      sequence(list.count) { printer, i in
        // A host object's summary may run code of the library, so the list is read again each time.
        if i < list.count { printer.write(list[i], depth: depth + 1) }
      }
      text += "]"
      open.removeLast()
    case .map(let map):
      guard enter(map, depth) else {
        text += "{...}"
        return
      }
      text += "{"
      sequence(map.storage.count) { printer, i in
        guard i < map.storage.count else { return }
        let entry = map.storage.element(at: i)
        printer.text += Printer.key(entry.key) + ": "
        printer.write(entry.value, depth: depth + 1)
      }
      text += "}"
      open.removeLast()
    }
  }

  private mutating func enter(_ container: AnyObject, _ depth: Int) -> Bool {
    let identity = ObjectIdentifier(container)
    guard depth < Printer.deepest, !open.contains(identity) else {
      isCut = true
      return false
    }
    open.append(identity)
    return true
  }

  private mutating func sequence(_ count: Int, _ item: (inout Printer, Int) -> Void) {
    let edge = options.edgeitems
    let gap = count > options.items && count > 2 * edge ? edge..<count - edge : 0..<0
    for i in 0..<count where !gap.contains(i) || i == gap.lowerBound {
      if i > 0 { text += ", " }
      if i == gap.lowerBound, !gap.isEmpty {
        text += "... \(gap.count) more"
        isCut = true
        continue
      }
      guard items > 0 else {
        text += "... \(count - i) more"
        isCut = true
        return
      }
      items -= 1
      item(&self, i)
    }
  }

  /// A key as written in a map: bare if it is an identifier.
  static func key(_ key: Map.Key) -> String {
    switch key {
    case .string(let text): isIdentifier(text) ? text : StringText.quoted(text)
    case .number(let x): NumberText.repr(x)
    case .bool(let x): x ? "true" : "false"
    }
  }

  /// Whether a text can be a bare key.
  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    guard first == "_" || first.properties.isXIDStart else { return false }
    // A bare true, false or nil would be read as another key.
    if text == "true" || text == "false" || text == "nil" { return false }
    return text.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
  }
}
