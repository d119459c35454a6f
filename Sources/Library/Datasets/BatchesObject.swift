import Datasets
import Host
import Language
import Ranks

/// Batches as a value of the language: each loop over them begins at `start`.
public final class BatchesObject: HostObject {
  private let batches: Batches
  /// What each batch is a list of; nil for the images, the labels, and the weights if there are any.
  private let fields: [BatchField]?
  /// Whether the records' numbers come last.
  private let hasNumbers: Bool
  /// The ranks among which each batch is divided; nil if this process computes all.
  private let ranks: Ranks?
  /// The number of parts that a batch is given in; nil if it is given as a whole, or as this rank's part.
  private let parts: Int?
  /// Whether batch normalisation sees the whole batch.
  private let isSynchronised: Bool
  private var start: Int

  /// Makes an object; loops begin at the current position of `batches`.
  init(
    _ batches: Batches, fields: [BatchField]?, hasNumbers: Bool, among ranks: Ranks?, parts: Int?,
    isSynchronised: Bool
  ) {
    self.batches = batches
    self.ranks = ranks
    self.parts = parts
    self.isSynchronised = isSynchronised
    self.fields = fields
    self.hasNumbers = hasNumbers
    start = batches.position
  }

  override public var typeName: String { "batches" }
  override public var summary: String {
    "batches: \(batches.batchCount) of \(batches.size) records at most, \(batches.count) in all"
  }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<BatchesObject>] = [
    Member(
      "position", "number",
      "How many batches have been returned, including those before `start`. If it is set, the next loop begins there.",
      isSettable: true
    ) { .number(Double($0.batches.position)) },
    Member(
      "divided", "bool", "Whether each batch is divided among ranks, of which there are several."
    ) {
      .bool($0.ranks != nil)
    },
    Member("whole", "number", "The number of records in the last batch, on all ranks together.") {
      .number(Double($0.batches.whole($0.batches.position - 1)))
    },
    Member(
      "indices", "list",
      "The positions of the records in the last batch, or in this rank's part of it, or in the part that `minimize` is at."
    ) {
      .list(List($0.records.map { .number(Double($0)) }))
    },
  ]

  override public func setMember(_ name: String, to value: Value, on machine: any Caller) throws
    -> Bool
  {
    guard name == "position" else { return false }
    guard case .number(let number) = value, let position = Int(exactly: number), position >= 0
    else {
      throw Failure(
        "type", "batches: position must be a whole number, 0 or more, got \(value.brief)")
    }
    start = position
    batches.seek(position)
    return true
  }

  /// The records of the last batch that are computed at a time.
  private var records: [Int] {
    let batch = batches.position - 1
    let own = Array(batches.records(of: batch))
    guard let parts, let division = Division.current, division.isApart,
      division.total == batches.whole(batch)
    else { return own }
    let first = BatchParts(of: division.total, parts: parts, among: ranks).positions.lowerBound
    let part = division.positions
    return Array(own.dropFirst(part.lowerBound - first).prefix(part.count))
  }

  override public func length() throws -> Int? { max(0, batches.batchCount - start) }

  override public func iterator() throws -> (() throws -> Value?)? {
    batches.seek(start)
    // What the loop works at, as long as it holds this function.
    var division: Division?
    return { [batches, fields, hasNumbers, ranks, parts, isSynchronised] in
      division = nil
      guard let batch = try batches.next() else { return nil }
      let total = batches.whole(batches.position - 1)
      if parts == nil, total > 0, let ranks {
        division = Division(of: total, among: ranks, isSynchronised: isSynchronised)
        division?.begin()
      }
      var items: [Value]
      if let fields {
        items = try BatchField.values(fields, of: batch)
      } else {
        items = batch.images.map { Value($0) } + [Value(try batch.labels)]
        if let weights = try batch.weights { items.append(Value(weights)) }
      }
      if hasNumbers { items.append(Value(try batch.numbers)) }
      if let parts, total > 0 {
        let parts = BatchParts(
          of: total, parts: parts, among: ranks, isSynchronised: isSynchronised)
        return .object(try BatchPartsObject(items, parts, total: total))
      }
      return .list(List(items))
    }
  }
}
