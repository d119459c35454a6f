/// Where everything random comes from that no record of a data set decides: a seed, or a scope of a name
/// inside another. What a draw gives depends on the scope's path of names and on how many draws the same
/// scope had made before; what a maker makes (a layer, a network) on how many things of its own kind it
/// had made there. So neither moves the other, nor anything outside the scope.
///
/// A scope begins at 0 each time it is entered: what is drawn inside is the same whether or not it was
/// entered before, left by an error, or skipped.
public final class RandomScope {
  /// The seed that it hangs from, which also decides what is drawn for records.
  public let seed: UInt64
  /// The scope that is drawn from again once this one is left; nil for the outermost.
  public let outer: RandomScope?
  /// How many draws it has made.
  public private(set) var draws: Int
  /// How many things each maker has made, by the maker's name.
  public private(set) var made: [String: Int]
  private let key: RandomKey
  private let isNamed: Bool

  /// The scope of a seed, which goes on as after so many draws and things made.
  public init(seed: UInt64, draws: Int = 0, made: [String: Int] = [:], in outer: RandomScope? = nil)
  {
    (self.seed, self.draws, self.made, self.outer) = (seed, draws, made, outer)
    key = RandomKey(seed: seed)
    isNamed = false
  }

  /// The scope of a name inside another.
  public init(_ name: String, in outer: RandomScope) {
    (seed, draws, made, self.outer) = (outer.seed, 0, [:], outer)
    key = outer.key["scope"][name]
    isNamed = true
  }

  /// The scope of a seed that everything lies in.
  public var outermost: RandomScope { outer?.outermost ?? self }

  /// Draws with the next key. A draw that fails is not counted.
  public func draw<T>(_ body: (RandomKey) throws -> T) rethrows -> T {
    let result = try body(key["draw"][draws + 1])
    draws += 1
    return result
  }

  /// Makes a layer or a network with its key, from which all that it is made of draws by name. One that
  /// fails is not counted. `isKeyedByName` false leaves the maker's name out: for networks that were given
  /// away before names were in keys, and whose parts' names tell them from others.
  public func make<T>(
    _ maker: String, isKeyedByName: Bool = true, _ body: (RandomKey) throws -> T
  ) rethrows -> T {
    let count = made[maker, default: 0]
    let numbered = key["draw"][count + 1]
    let result = try body(isKeyedByName ? numbered[maker] : numbered)
    made[maker] = count + 1
    return result
  }

  /// The number under which a pass over data draws its order, and the transforms that change from epoch to
  /// epoch: the epoch itself, and in a named scope one that no other scope has.
  public func pass(_ epoch: Int) -> Int {
    isNamed ? Int(truncatingIfNeeded: key["pass"][epoch].bits) : epoch
  }
}
