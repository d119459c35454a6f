import Syntax

/// Values as text: for `print`, for the prompt and for errors. All of it is bounded: of a list that
/// contains itself, or one of a million items, only the beginning is printed.
extension Value {
  /// The name of the type as errors and `type(x)` show it.
  public var typeName: String {
    switch self {
    case .nil, .unset: "nil"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .list: "list"
    case .map: "map"
    case .range: "range"
    case .function: "function"
    case .object(let object): object.typeName
    }
  }

  /// The text that `print` and `str` show: strings are raw at top level and quoted inside
  /// containers.
  public var printed: String {
    switch self {
    case .string(let box): return box.text
    case .number(let x): return NumberText.repr(x)
    case .object(let object): return object.printed
    default:
      var printer = Printer(items: 10_000)
      printer.write(self, depth: 0)
      return printer.text
    }
  }

  /// The text that the prompt shows for a result: strings are quoted, objects are shown in detail.
  public func display(columns: Int) -> String {
    if case .object(let object) = self { return object.display(columns: columns) }
    var printer = Printer(items: 1_000)
    printer.write(self, depth: 0)
    return printer.text
  }

  /// A short text for errors: `"big"`, `3`, `[1, 2]`, `tensor [2, 3]`, `list of 400`.
  public var brief: String {
    switch self {
    case .string(let box):
      if box.text.utf8.count <= 60 { return StringText.quoted(box.text) }
      return "a string of \(box.count)"
    case .list(let list):
      return short ?? "list of \(list.count)"
    case .map(let map):
      return short ?? "map of \(map.storage.count)"
    case .object(let object):
      return object.brief
    default:
      return printed
    }
  }

  /// The text of a small container, or nil.
  private var short: String? {
    var printer = Printer(items: 8)
    printer.write(self, depth: 0)
    return printer.isCut || printer.text.utf8.count > 40 ? nil : printer.text
  }
}
