import Datasets
import Host
import Language

/// Batches as a value of the language: each loop over them begins at `start`.
public final class BatchesObject: HostObject {
  private let batches: Batches
  /// What each batch is a list of; nil for the images, the labels, and the weights if there are any.
  private let fields: [BatchField]?
  /// Whether the records' numbers come last.
  private let hasNumbers: Bool
  private var start: Int

  /// Makes an object; loops begin at the current position of `batches`.
  init(_ batches: Batches, fields: [BatchField]?, hasNumbers: Bool) {
    self.batches = batches
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
    Member("indices", "list", "The positions of the records in the last batch.") {
      .list(List($0.batches.records(of: $0.batches.position - 1).map { .number(Double($0)) }))
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

  override public func length() throws -> Int? { max(0, batches.batchCount - start) }

  override public func iterator() throws -> (() throws -> Value?)? {
    batches.seek(start)
    return { [batches, fields, hasNumbers] in
      guard let batch = try batches.next() else { return nil }
      var items: [Value]
      if let fields {
        items = try BatchField.values(fields, of: batch)
      } else {
        items = batch.images.map { Value($0) } + [Value(try batch.labels)]
        if let weights = try batch.weights { items.append(Value(weights)) }
      }
      if hasNumbers { items.append(Value(try batch.numbers)) }
      return .list(List(items))
    }
  }
}
