import Formats
import Host
import Language
import Models

/// Puts a value of models, optimizers, tensors, numbers, texts, bools, nil, lists and maps into the
/// content of a file. What several places hold is kept once.
struct ValueWriter {
  private(set) var content = ValueContent()
  /// The lists and maps in the order in which they were met.
  private var containers: [ObjectIdentifier: Int] = [:]
  private var tensors: [ObjectIdentifier: String] = [:]
  /// The objects met, so that no other can take the same identity.
  private var met: [AnyObject] = []

  /// Puts a value into the content. Throws `type` for what a file can't hold, with its place.
  init(_ value: Value) throws { content.structure = try json(value, at: Place()) }

  /// Where in the value something is.
  private struct Place {
    /// The names on the way, encoded so that no two places have the same name.
    var name = ""
    /// As a script writes it behind the value's name.
    var shown = ""
    /// The depth of its JSON.
    var depth = 1

    func inside(_ part: String, shown: String, deeper: Int) -> Place {
      Place(
        name: name.isEmpty ? part : "\(name)/\(part)", shown: self.shown + "[\(shown)]",
        depth: depth + deeper)
    }

    func inside(_ key: Map.Key) -> Place {
      let part =
        if case .string(let text) = key {
          text.map { "%/.#".contains($0) ? $0.percentEncoded : String($0) }.joined()
        } else {
          "#" + key.value.printed
        }
      return inside(part, shown: key.value.display(columns: 80), deeper: 3)
    }
  }

  private mutating func json(_ value: Value, at place: Place) throws -> JSON {
    guard place.depth < JSON.deepest else {
      throw Failure("type", "save: lists and maps are nested too deep for a file")
    }
    switch value {
    case .nil, .unset: return .null
    case .bool(let bool): return .bool(bool)
    case .number(let number) where number.isFinite: return .number(number)
    case .number: return ValueForm.number.json(.string(value.printed))
    case .string(let text): return .string(text.text)
    case .list(let list):
      if let again = again(list) { return again }
      return .array(
        try list.items.enumerated().map {
          try json($1, at: place.inside("\($0)", shown: "\($0)", deeper: 1))
        })
    case .range(let range): return try json(.list(List(range.map { .number($0) })), at: place)
    case .map(let map):
      if let again = again(map) { return again }
      return ValueForm.map.json(
        .array(
          try map.entries.map { key, item in
            let place = place.inside(key)
            return .array([try json(key.value, at: place), try json(item, at: place)])
          }))
    case .object(let object as TensorObject):
      let name = tensors[ObjectIdentifier(object)] ?? place.name
      if tensors.updateValue(name, forKey: ObjectIdentifier(object)) == nil {
        met.append(object)
        content.tensors.append((name, object.tensor))
      }
      return ValueForm.tensor.json(.string(name))
    case .object(let object as ModelObject):
      return ValueForm.model.json(.string(name(of: object.layer, at: place)))
    case .object(let object as OptimizerObject):
      return ValueForm.optimizer.json(.string(name(of: object.optimizer, at: place)))
    default:
      throw Failure(
        "type",
        "save: a file can't hold a \(value.typeName)"
          + (place.shown.isEmpty ? "" : ", which is at \(place.shown)"),
        hint:
          "a file holds models, optimizers, tensors, numbers, strings, bools, nil, lists and maps")
    }
  }

  /// The reference to a list or map that was met before.
  private mutating func again(_ container: AnyObject) -> JSON? {
    if let number = containers[ObjectIdentifier(container)] {
      return ValueForm.again.json(.number(Double(number)))
    }
    containers[ObjectIdentifier(container)] = containers.count
    met.append(container)
    return nil
  }

  private mutating func name(of layer: Layer, at place: Place) -> String {
    if let known = content.models.first(where: { $0.layer === layer }) { return known.name }
    content.models.append((place.name, layer))
    return place.name
  }

  private mutating func name(of optimizer: Optimizer, at place: Place) -> String {
    if let known = content.optimizers.first(where: { $0.optimizer === optimizer }) {
      return known.name
    }
    content.optimizers.append((place.name, optimizer))
    let models = place.inside("models", shown: "", deeper: 0)
    for (i, model) in optimizer.models.enumerated() {
      _ = name(of: model, at: models.inside("\(i)", shown: "", deeper: 0))
    }
    return place.name
  }
}

/// What JSON has no form for is an object with one of these names.
enum ValueForm: String {
  /// A number that is not finite, as text.
  case number
  /// A list of pairs of key and value.
  case map
  /// The number of a list or map that was met before.
  case again
  /// The name of a tensor, model or optimizer of the file.
  case tensor, model, optimizer

  /// The object.
  func json(_ content: JSON) -> JSON { .object([(rawValue, content)]) }

  /// Reads such an object; nil for any other JSON.
  static func read(_ json: JSON) -> (form: ValueForm, content: JSON)? {
    guard case .object(let entries) = json, entries.count == 1,
      let form = ValueForm(rawValue: entries[0].0)
    else { return nil }
    return (form, entries[0].1)
  }
}

extension Character {
  fileprivate var percentEncoded: String {
    utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
