import Datasets
import Host
import Images
import Language
import Tensors

/// A record as a value of the language: its pixels are computed on demand.
public final class RecordObject: HostObject {
  /// A view that holds only this record.
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

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    try view.addContent(to: &digest)
    return view.scripts.values
  }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<RecordObject>] = [
    Member("image", "tensor", "Its image, computed each time it is read.") {
      Value(try $0.view.images([0]).item(0))
    },
    Member("label", "number", "Its class as a number; nil if there are no labels.") {
      $0.view.isLabelled ? .number(Double($0.view.label(0))) : .nil
    },
    Member("class", "string", "The name of its class; nil if there are no labels.") {
      $0.className.map { Value($0) } ?? .nil
    },
    Member(
      "box", "list", "The object's box, [x, y, width, height] in pixels; nil if there is none."
    ) { try $0.view.annotations([0])[0].box.map { Value($0) } ?? .nil },
    Member(
      "parts", "map", "The places of its marked parts, [x, y] by name; nil if there are none."
    ) { Value(try $0.view.annotations([0])[0].parts) },
    Member("attributes", "tensor", "Its attributes, 0 or 1 each; nil if there are none.") {
      try $0.view.attributes().map { Value($0.item(0)) } ?? .nil
    },
    Member("id", "string", "Its name in the source: a path or a number.") {
      Value($0.view.name(0))
    },
    Member("weight", "number", "Its weight in the loss, 1 unless it was given one.") {
      .number(Double($0.view.weight(0)))
    },
    Member("logits", "tensor", "Its outputs of the model given to `outputs`; nil without.") {
      try $0.view.logits().map { Value($0.item(0)) } ?? .nil
    },
    Member("features", "map", "All that `outputs` has kept of it, by place; empty without.") {
      Value(features: try $0.view.outputs().map { ($0.place, $0.rows.item(0)) })
    },
  ]
}

extension Value {
  /// A box as the list [x, y, width, height].
  init(_ box: Box) {
    self = .list(List([box.x, box.y, box.width, box.height].map { .number($0) }))
  }
}

extension Value {
  /// Parts as a map from name to place [x, y]; nil if there are none.
  init(_ parts: [Part]) {
    let places = parts.map { ($0.name, Value.list(List([.number($0.x), .number($0.y)]))) }
    self = parts.isEmpty ? .nil : Value(named: places)
  }
}

extension ParameterType {
  /// A record.
  static let record = ParameterType.object("record", RecordObject.self)
}
