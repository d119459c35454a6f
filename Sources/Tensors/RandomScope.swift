/// The source of all randomness that is not determined by a record of a data set: a seed, or a
/// named scope inside another scope. The result of a draw depends on the scope's path of names and
/// on the number of previous draws in the same scope. What a maker creates (a layer, a network)
/// depends on the number of objects of the same kind it has created there. So draws and makers do
/// not affect each other, nor anything outside the scope.
///
/// The counts of a scope start at 0 each time it is entered: the results inside are the same
/// whether or not it was entered before, left by an error, or skipped.
public final class RandomScope {
  /// The seed of the outermost scope, which also determines the random numbers of records.
  public let seed: UInt64
  /// The scope that becomes current again when this one is left; nil for the outermost.
  public let outer: RandomScope?
  /// The number of draws made.
  public private(set) var draws: Int
  /// The number of objects created by each maker, by the maker's name.
  public private(set) var made: [String: Int]
  private let key: RandomKey
  private let isNamed: Bool

  /// Creates the scope of a seed, continuing after the given numbers of draws and created objects.
  public init(seed: UInt64, draws: Int = 0, made: [String: Int] = [:], in outer: RandomScope? = nil)
  {
    (self.seed, self.draws, self.made, self.outer) = (seed, draws, made, outer)
    key = RandomKey(seed: seed)
    isNamed = false
  }

  /// Creates a named scope inside another.
  public init(_ name: String, in outer: RandomScope) {
    (seed, draws, made, self.outer) = (outer.seed, 0, [:], outer)
    key = outer.key["scope"][name]
    isNamed = true
  }

  /// Creates the scope of an object that a maker creates: its key is the one that `make` provides.
  public init(_ key: RandomKey, in outer: RandomScope) {
    (seed, draws, made, self.outer) = (outer.seed, 0, [:], outer)
    self.key = key
    isNamed = true
  }

  /// Creates a scope that draws and makes what another would from now on, without changing that.
  public init(copying other: RandomScope) {
    (seed, draws, made, outer) = (other.seed, other.draws, other.made, other.outer)
    (key, isNamed) = (other.key, other.isNamed)
  }

  /// The scope's own name: two scopes with the same one draw the same numbers.
  public var identity: String { String(key.bits, radix: 16) }

  /// Continues after the given numbers of draws and created objects.
  public func resume(draws: Int, made: [String: Int]) { (self.draws, self.made) = (draws, made) }

  /// The outermost scope, which belongs to the seed.
  public var outermost: RandomScope { outer?.outermost ?? self }

  /// Calls `body` with the next key. A draw that throws is not counted.
  public func draw<T>(_ body: (RandomKey) throws -> T) rethrows -> T {
    let result = try body(key["draw"][draws + 1])
    draws += 1
    return result
  }

  /// The networks whose starting weights were in use before keys contained the name of the maker.
  private static let numberedAlone: Set = ["small_cnn", "vgg_m"]

  /// Creates a layer or a network with its own key, from which its parts derive keys by name.
  /// Failures are not counted. An object with a `name` of its own is not counted either: its key
  /// depends on the scope and that name alone.
  public func make<T>(
    _ maker: String, as name: String? = nil, _ body: (RandomKey) throws -> T
  ) rethrows -> T {
    if let name { return try body(key[name]) }
    let count = made[maker, default: 0]
    let numbered = key["draw"][count + 1]
    let result = try body(RandomScope.numberedAlone.contains(maker) ? numbered : numbered[maker])
    made[maker] = count + 1
    return result
  }

  /// The number from which a pass over data derives its order and the transforms that change from
  /// epoch to epoch: the epoch itself or, in a named scope, a number that no other scope uses.
  public func pass(_ epoch: Int) -> Int {
    isNamed ? Int(truncatingIfNeeded: key["pass"][epoch].bits) : epoch
  }
}
