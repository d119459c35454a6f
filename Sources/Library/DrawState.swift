import Tensors

/// Where the random numbers of a session are: its seed, and how many were drawn and made from it.
public struct DrawState: Codable, Equatable, Sendable {
  /// The seed.
  public let seed: UInt64
  /// The number of draws.
  public let draws: Int
  /// The number of objects that each maker has made.
  public let made: [String: Int]
}

extension Library {
  /// Where the random numbers are.
  public var drawState: DrawState {
    get {
      let scope = random.outermost
      return DrawState(seed: scope.seed, draws: scope.draws, made: scope.made)
    }
    set { random = RandomScope(seed: newValue.seed, draws: newValue.draws, made: newValue.made) }
  }
}
