import Gradients
import Language
import Ranks
import Tensors

/// A batch in parts, as a value of the language: the list of this rank's parts, each a list of items. `minimize` takes
/// one step for all of them.
public final class BatchPartsObject: HostObject {
  /// How the batch is divided.
  let parts: BatchParts
  /// The items of each of this rank's parts; of one that does not count if this rank has none.
  let items: [[Value]]
  private let total: Int

  /// Cuts the items of this rank's part of a batch, whose first axis are the records.
  init(_ batch: [Value], _ parts: BatchParts, total: Int) throws {
    (self.parts, self.total) = (parts, total)
    let divisions = parts.own.map(\.division) + (parts.empty.map { [$0] } ?? [])
    items = try divisions.map { division in
      let first = division.positions.lowerBound - parts.positions.lowerBound
      return try batch.map { try $0.rows(first..<first + division.positions.count) }
    }
  }

  /// The number of records in this rank's parts.
  var recordCount: Int { parts.positions.count }

  override public var typeName: String { "batch_parts" }
  override public var summary: String {
    "batch_parts: \(items.count) of \(parts.tree.parts) parts of a batch of \(total) records"
  }

  override public func length() throws -> Int? { items.count }

  override public func iterator() throws -> (() throws -> Value?)? {
    var rest = items[...]
    return { rest.popFirst().map { .list(List($0)) } }
  }
}

extension Value {
  /// Some rows of a tensor, of all tensors of a map, or nil.
  fileprivate func rows(_ range: Range<Int>) throws -> Value {
    switch self {
    case .object(let object as TensorObject):
      return Value(object.tensor.slice(range))
    case .map(let map):
      var entries = map.entries
      for (key, value) in map.entries { entries[key] = try value.rows(range) }
      return .map(Map(entries))
    default: return self
    }
  }
}

/// What `minimize` gives to its function.
enum BatchItems {
  case whole([Value])
  case parts(BatchPartsObject)

  /// How the batch is divided; nil if it is whole.
  var parts: BatchParts? { if case .parts(let object) = self { object.parts } else { nil } }

  /// The items of one of the parts, or of the batch.
  func values(_ part: Int) -> [Value] {
    switch self {
    case .whole(let values): values
    case .parts(let object): part < object.items.count ? object.items[part] : []
    }
  }
}

extension ArgumentType where T == BatchItems {
  /// What a loop over batches gives.
  static var items: Self {
    Self("list or batch_parts") { value in
      switch value {
      case .list(let list): return .whole(list.items)
      case .object(let object as BatchPartsObject): return .parts(object)
      default: return nil
      }
    }
  }
}
