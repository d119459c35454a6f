import Host

extension Ranks {
  // SAFETY: used only by the thread that runs the script.
  /// The groups that there have been, which other threads may still read.
  nonisolated(unsafe) private static var groups: [[Int]: Ranks] = [:]

  /// Calls a function while the ranks are apart, in groups of the given size that know nothing of each
  /// other. All ranks meet before and after it; the others wait for those that take longer. Throws `ranks`
  /// if the groups do not come out even.
  public func apart<Result>(inGroupsOf size: Int, _ body: () throws -> Result) throws -> Result {
    guard size > 0, count % size == 0 else {
      throw Failure(
        "ranks", "split_ranks: \(count) ranks cannot be divided into groups of \(size)",
        hint: "size must divide the number of ranks")
    }
    _ = try exchange("split_ranks", [])
    let first = rank - rank % size
    let group = size == 1 ? nil : self.group(Array(members[first..<first + size]))
    let result = try during(group, body)
    waitsLong = true
    defer { waitsLong = false }
    _ = try exchange("the end of split_ranks", [])
    return result
  }

  /// The group of some ranks. Its calls are numbered on, so that a message of an earlier one is never taken
  /// for one of a later.
  private func group(_ members: [Int]) -> Ranks {
    let group = Ranks.groups[members] ?? Ranks(members, of: self)
    Ranks.groups[members] = group
    return group
  }

  private func during<Result>(_ group: Ranks?, _ body: () throws -> Result) rethrows -> Result {
    let whole = Ranks.current
    Ranks.current = group
    Ranks.changes += 1
    defer {
      Ranks.current = whole
      Ranks.changes += 1
    }
    return try body()
  }
}
