/// Finds the name that was probably meant by a misspelt one.
public enum NearestMatch {
  /// The candidate nearest to a name, or nil if none is near: one that differs only in case or,
  /// failing that, the one that is the fewest insertions, deletions, replacements and swaps of
  /// neighbours away, at most a third of the name's length.
  public static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(name.unicodeScalars)
    guard letters.count <= 64 else { return nil }
    let lowered = name.lowercased()
    var best: (distance: Int, name: String)?
    let limit = max(1, letters.count / 3)
    for candidate in candidates where candidate != name {
      var distance = limit + 1
      if candidate.lowercased() == lowered {
        distance = 0
      } else {
        let others = Array(candidate.unicodeScalars)
        if abs(others.count - letters.count) <= limit {
          distance = self.distance(letters, others)
        }
      }
      // A one-letter name is near to every other one: only its case can have been wrong.
      if distance > limit || (distance > 0 && min(letters.count, candidate.count) < 2) { continue }
      if let best, (best.distance, best.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.name
  }

  /// The Damerau-Levenshtein distance, in which no substring is edited more than once.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, before[j - 1] + 1)
        }
        row.append(least)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
