/// Deep equality of plain values: bounded, safe on cycles, and without recursion.
extension Value {
  /// Whether two values are equal, as a single bool: the result of `==` for all values except host
  /// objects, which are compared as a whole here. Values of different types are not equal.
  public static func areEqual(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.list(let x), .list(let y)): x === y || areContentsEqual(a, b)
    case (.map(let x), .map(let y)): x === y || areContentsEqual(a, b)
    default: areLeavesEqual(a, b)
    }
  }

  /// Compares two values that are not containers; containers are equal here only if they are
  /// identical.
  private static func areLeavesEqual(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.nil, .nil): true
    case (.bool(let x), .bool(let y)): x == y
    case (.number(let x), .number(let y)): x == y
    case (.string(let x), .string(let y)): x === y || Scalars.isEqual(x.text, y.text)
    case (.range(let x), .range(let y)): x.isEqual(y)
    case (.function(let x), .function(let y)): x === y
    case (.object(let x), .object(let y)): x === y || x.isEqual(y)
    default: false
    }
  }

  private struct Pair: Hashable {
    let a: ObjectIdentifier
    let b: ObjectIdentifier
  }

  /// Compares containers with a worklist. After some thousand pairs, the pairs seen are remembered,
  /// so that cycles end: a pair that is met again is equal unless something else differs.
  private static func areContentsEqual(_ a: Value, _ b: Value) -> Bool {
    var waiting = [(a, b)]
    var seen: Set<Pair> = []
    var count = 0
    func isNew(_ x: AnyObject, _ y: AnyObject) -> Bool {
      if x === y { return false }
      count += 1
      return count < 4_000
        || seen.insert(Pair(a: ObjectIdentifier(x), b: ObjectIdentifier(y))).inserted
    }
    while let (a, b) = waiting.popLast() {
      switch (a, b) {
      case (.list(let x), .list(let y)):
        guard x.count == y.count else { return false }
        guard isNew(x, y) else { continue }
        for (p, q) in zip(x, y) {
          if p.isContainer && q.isContainer {
            waiting.append((p, q))
          } else if !areLeavesEqual(p, q) {
            return false
          }
        }
      case (.map(let x), .map(let y)):
        guard x.storage.count == y.storage.count else { return false }
        guard isNew(x, y) else { continue }
        for (key, p) in x.storage {
          guard let q = y.storage[key] else { return false }
          if p.isContainer && q.isContainer {
            waiting.append((p, q))
          } else if !areLeavesEqual(p, q) {
            return false
          }
        }
      default: return false
      }
    }
    return true
  }

  private var isContainer: Bool {
    switch self {
    case .list, .map: true
    default: false
    }
  }
}
