import Datasets
import Host
import Language

/// Two views of the same records, as a value of the language.
public final class PairsObject: HostObject {
  /// The pairs.
  public let pairs: Pairs

  /// Makes an object.
  public init(_ pairs: Pairs) { self.pairs = pairs }

  override public var typeName: String { "pairs" }
  override public var summary: String {
    "pairs: \(pairs.first.summary) and \(pairs.second.imageSize)"
      + (pairs.second.transforms.map { $0.isEmpty ? "" : ", " + $0.joined(separator: " |> ") } ?? "")
  }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<PairsObject>] = [
    Member("first", "dataset", "The first view of the records.") {
      .object(DatasetObject($0.pairs.first))
    },
    Member("second", "dataset", "The second view of the records.") {
      .object(DatasetObject($0.pairs.second))
    },
    Member("classes", "list", "The names of the classes, in the order of the labels.") {
      Value(strings: $0.pairs.first.classes)
    },
    Member("labels", "tensor", "Each pair's label.") { Value(try $0.pairs.first.labels()) },
  ]

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    [.object(DatasetObject(pairs.first)), .object(DatasetObject(pairs.second))]
  }

  override public func length() throws -> Int? { pairs.count }

  override public func iterator() throws -> (() throws -> Value?)? {
    var index = 0
    return { [pairs] in
      guard index < pairs.count else { return nil }
      index += 1
      return PairsObject.record(pairs, index - 1)
    }
  }

  override public func subscripted(_ index: [Subscript]) throws -> Value {
    switch try Choice(index, count: pairs.count, of: typeName) {
    case .one(let i): return PairsObject.record(pairs, i)
    case .some(let positions):
      return .object(
        PairsObject(
          try Pairs(pairs.first.selecting(positions), pairs.second.selecting(positions))))
    }
  }

  private static func record(_ pairs: Pairs, _ i: Int) -> Value {
    .list(List([.object(RecordObject(pairs.first, i)), .object(RecordObject(pairs.second, i))]))
  }
}

extension ParameterType {
  /// Pairs.
  static let pairs = ParameterType.object("pairs", PairsObject.self)
}
