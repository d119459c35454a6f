import Datasets
import Host
import Language

/// Batches as the language sees them: each loop over them begins at `start`.
public final class BatchesObject: HostObject {
  private let batches: Batches
  private var start: Int

  /// Makes an object; loops begin where `batches` stands.
  public init(_ batches: Batches) {
    self.batches = batches
    start = batches.position
  }

  override public var typeName: String { "batches" }
  override public var summary: String {
    "batches: \(batches.batchCount) of \(batches.size) records at most, \(batches.count) in all"
  }

  override public class var members: [Member] { declared }
  private static let declared = [
    Member(
      "position", "number",
      "How many batches have been given, those before `start` included. Set it, and the next loop begins there.",
      isSettable: true, of: BatchesObject.self
    ) { .number(Double($0.batches.position)) },
    Member(
      "indices", "list", "The positions of the records of the batch that was given last.",
      of: BatchesObject.self
    ) {
      .list(List($0.batches.records(of: $0.batches.position - 1).map { .number(Double($0)) }))
    },
  ]

  override public func setMember(_ name: String, to value: Value) throws -> Bool {
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
    return { [batches] in
      guard let batch = try batches.next() else { return nil }
      let weights = batch.weights.map { [Value($0)] } ?? []
      return .list(List(batch.images.map { Value($0) } + [Value(batch.labels)] + weights))
    }
  }
}
