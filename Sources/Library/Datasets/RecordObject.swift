import Datasets
import Images
import Language
import Tensors

/// A record as the language sees it: its pixels are made when they are asked for.
public final class RecordObject: HostObject {
  /// A view of this record alone.
  let view: View

  /// Record `i` of a view.
  init(_ view: View, _ i: Int) { self.view = view.selecting([i]) }

  override public var typeName: String { "record" }
  override public var summary: String {
    let label = className.map { "\($0) (label \(view.label(0)))" } ?? "no label"
    return "record \(view.name(0)): \(label)"
  }

  private var className: String? {
    view.isLabelled ? view.classes[Int(view.label(0))] : nil
  }

  static let fieldNames = ["image", "label", "class", "box", "parts", "id", "weight"]
  override public var memberNames: [String] { RecordObject.fieldNames }

  override public func member(_ name: String) throws -> Value? {
    switch name {
    case "image": Value(try view.images([0]).item(0))
    case "label": view.isLabelled ? .number(Double(view.label(0))) : .nil
    case "class": className.map { Value($0) } ?? .nil
    case "box": try view.annotations([0])[0].box.map { Value($0) } ?? .nil
    case "parts": Value(try view.annotations([0])[0].parts)
    case "id": Value(view.name(0))
    case "weight": .number(Double(view.weight(0)))
    default: nil
    }
  }
}

extension Value {
  /// A box as the list [x, y, width, height].
  init(_ box: Box) {
    self = .list(List([box.x, box.y, box.width, box.height].map { .number($0) }))
  }
}

extension Value {
  /// Parts as a map of places [x, y]; nil where there are none.
  init(_ parts: [Part]) {
    if parts.isEmpty {
      self = .nil
      return
    }
    var entries = Entries()
    for part in parts {
      entries[.string(part.name)] = .list(List([.number(part.x), .number(part.y)]))
    }
    self = .map(Map(entries))
  }
}

extension ParameterType {
  /// A record.
  static let record = ParameterType.object("record", RecordObject.self)
}
