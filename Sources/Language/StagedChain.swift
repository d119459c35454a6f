import Host

/// Staged builtins in a row: `resize(32) |> grey()` without an image. Calling it with the input runs one
/// after the other, as a pipe does, and it stands wherever a single one may.
public final class StagedChain: HostObject {
  /// The steps in their order, two at least.
  public let steps: [StagedValue]

  /// Makes a chain.
  public init(_ steps: [StagedValue]) { self.steps = steps }

  override public var typeName: String { "function" }
  override public var summary: String { steps.map(\.summary).joined(separator: " |> ") }
  override public var brief: String { summary }
  override public var isCallable: Bool { true }

  override public func call(_ arguments: CallArguments, on machine: Machine) throws -> Value? {
    guard let input = arguments.positional.first else {
      throw ArgumentError.missing(summary, "its input")
    }
    guard arguments.positional.count == 1, arguments.named.isEmpty else {
      throw ArgumentError.tooMany(
        summary, takes: 1, got: arguments.positional.count + arguments.named.count)
    }
    if let before = StagedChain.steps(of: input) { return .object(StagedChain(before + steps)) }
    return try steps.reduce(input) {
      try machine.invoke($1, CallArguments([$0]))
    }
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    steps.map { .object($0) }
  }

  override public func isEqual(_ other: HostObject) -> Bool {
    guard let other = other as? StagedChain, other.steps.count == steps.count else { return false }
    return zip(steps, other.steps).allSatisfy { $0.isEqual($1) }
  }

  /// The steps that a value is, where it may stand in a chain: one waiting builtin, several, or one by
  /// its bare name that needs no options.
  static func steps(of value: Value) -> [StagedValue]? {
    switch value {
    case .object(let chain as StagedChain): return chain.steps
    case .object(let staged as StagedValue) where staged.builtin.chains: return [staged]
    case .builtin(let builtin) where builtin.chains:
      let options = builtin.parameters.dropFirst().map(\.fallback)
      guard options.allSatisfy({ $0 != nil }) else { return nil }
      return [StagedValue(builtin, options.compactMap { $0 })]
    default: return nil
    }
  }
}
