import Host
import Tensors

extension View {
  /// The rows of a table that has one for each id, in the order of the view's records. Throws
  /// `record` with the ids that the table has twice or lacks, and with those that several records
  /// of the view share.
  public func rows(of table: Tensor, ids: [String]) throws -> Tensor {
    precondition(table.rank > 0 && table.shape[0] == ids.count)
    var places: [String: Int32] = [:]
    let double = ids.enumerated().filter { places.updateValue(Int32($0), forKey: $1) != nil }
    try View.expectNone(double.map(\.element), "stored twice")
    let names = (0..<count).map(name)
    try View.expectNone(names.filter { places[$0] == nil }, "not stored")
    var owners: [String: Owner] = [:]
    let shared = names.enumerated().filter { i, id in
      let own = Owner(source: strand(i).source.identity, record: record(i))
      return owners.updateValue(own, forKey: id).map { $0 != own } ?? false
    }
    try View.expectNone(shared.map(\.element), "the id of several records")
    return try table.at([.tensor(Tensor(names.compactMap { places[$0] }, shape: [count]))])
  }

  /// A record, which may occur in a view several times.
  private struct Owner: Equatable {
    let source: String
    let record: Int
  }

  /// Throws `record` if there are any ids. The fault is worded for one of them.
  private static func expectNone(_ ids: [String], _ fault: String) throws {
    guard let first = ids.first else { return }
    let others = ids.count == 1 ? "" : " (\(grouped(ids.count)) records: \(some(ids, of: 5)))"
    throw Failure("record", "outputs: record \(first) is \(fault)\(others)")
  }
}
