extension Sequence {
  /// Returns the results for all elements; nil if there is no result for one of them.
  @inlinable
  public func mapAll<T>(_ transform: (Element) throws -> T?) rethrows -> [T]? {
    var results: [T] = []
    results.reserveCapacity(underestimatedCount)
    for element in self {
      guard let result = try transform(element) else { return nil }
      results.append(result)
    }
    return results
  }
}
