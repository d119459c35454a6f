import Datasets
import Host
import Language

/// Batches as a value of the language: each loop over them begins at `start`.
public final class BatchesObject: HostObject {
  private let batches: Batches
  private let start: Int

  /// Makes an object; loops begin at the current position of `batches`.
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
      "position", "number", "How many batches have been returned, including those before `start`.",
      of: BatchesObject.self
    ) { .number(Double($0.batches.position)) },
    Member(
      "indices", "list", "The positions of the records in the last batch.",
      of: BatchesObject.self
    ) {
      .list(List($0.batches.records(of: $0.batches.position - 1).map { .number(Double($0)) }))
    },
  ]

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
