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
      Value($0.pairs.first)
    },
    Member("second", "dataset", "The second view of the records.") {
      Value($0.pairs.second)
    },
    Member("classes", "list", "The names of the classes, in the order of the labels.") {
      Value(strings: $0.pairs.first.classes)
    },
    Member("labels", "tensor", "Each pair's label.") { Value(try $0.pairs.first.labels()) },
  ]

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    [Value(pairs.first), Value(pairs.second)]
  }

  override public func length() throws -> Int? { pairs.count }

  override public func iterator() throws -> (() throws -> Value?)? {
    var positions = (0..<pairs.count).makeIterator()
    return { [pairs] in positions.next().map { PairsObject.record(pairs, $0) } }
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
