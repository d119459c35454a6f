import Glibc

extension Tensor {
  /// Draws `wanted` positions of `count`, weighted by `weights` or uniformly, with or without
  /// replacement. Positions with weight 0 are never drawn; without replacement there must be enough
  /// others.
  public static func choice(
    _ wanted: Int, of count: Int, weights: [Double]?, replaces: Bool, key: RandomKey
  ) -> [Int] {
    guard let weights else {
      return replaces
        ? (0..<wanted).map { key.below(count, UInt64($0)) }
        : Array(key.permutation(count).prefix(wanted))
    }
    if replaces {
      var sums: [Double] = []
      for weight in weights { sums.append((sums.last ?? 0) + weight) }
      let last = weights.lastIndex { $0 > 0 } ?? 0
      return (0..<wanted).map { i in
        let mark = key.uniform(UInt64(i)) * (sums.last ?? 0)
        return sums.firstIndex { $0 > mark } ?? last
      }
    }
    // Those with the smallest exponential variates, which is equivalent to drawing one after the
    // other (Efraimidis and Spirakis).
    let draws = weights.enumerated().filter { $0.element > 0 }.map { i, weight in
      (i, -Glibc.log(1 - key.uniform(UInt64(i))) / weight)
    }
    return draws.sorted { $0.1 < $1.1 }.prefix(wanted).map(\.0)
  }
}
