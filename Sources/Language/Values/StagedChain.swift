import Host

/// Staged builtins in sequence: `resize(32) |> grey()` without an image. Calling the chain with the
/// input runs them one after the other, as a pipe does. A chain can be used wherever a single
/// staged builtin can.
public final class StagedChain: HostObject {
  /// The steps in order, at least two.
  public let steps: [StagedValue]

  /// Makes a chain.
  public init(_ steps: [StagedValue]) { self.steps = steps }

  override public var typeName: String { "function" }
  override public var summary: String { steps.map(\.summary).joined(separator: " |> ") }
  override public var brief: String { summary }
  override public var isCallable: Bool { true }

  override public func call(_ arguments: CallArguments, on machine: any Caller) throws -> Value? {
    guard let input = arguments.positional.first else {
      throw ArgumentError.missing(summary, "its input")
    }
    guard arguments.positional.count == 1, arguments.named.isEmpty else {
      throw ArgumentError.tooMany(
        summary, takes: 1, got: arguments.positional.count + arguments.named.count)
    }
    if let before = StagedChain.steps(of: input) { return .object(StagedChain(before + steps)) }
    return try steps.reduce(input) { try $1.invoke(CallArguments([$0]), on: machine) }
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    steps.map { .object($0) }
  }

  override public func isEqual(_ other: HostObject) -> Bool {
    guard let other = other as? StagedChain, other.steps.count == steps.count else { return false }
    return zip(steps, other.steps).allSatisfy { $0.isEqual($1) }
  }

  /// The steps of a value that can be part of a chain: one waiting builtin, several, or the bare
  /// name of one that needs no options.
  static func steps(of value: Value) -> [StagedValue]? {
    switch value {
    case .object(let chain as StagedChain): return chain.steps
    case .object(let staged as StagedValue) where staged.builtin.chains: return [staged]
    case .object(let builtin as Builtin) where builtin.chains:
      let options = builtin.parameters.dropFirst().map(\.fallback)
      guard options.allSatisfy({ $0 != nil }) else { return nil }
      return [StagedValue(builtin, options.compactMap { $0 })]
    default: return nil
    }
  }
}
