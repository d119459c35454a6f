/// What `limbeck explain CODE` says of the stable codes of errors: those of reading, checking and running
/// scripts, and those that the environment explains.
public struct Explanations {
  private let texts: [String: String]

  /// The language's explanations with an environment's.
  public init(_ environment: any Environment) {
    texts = environment.explanations.merging(Explanations.reading) { $1 }
      .merging(Explanations.running) { $1 }
  }

  /// The codes, sorted.
  public var kinds: [String] { texts.keys.sorted() }

  /// The paragraph on a code; nil for one that does not exist.
  public func text(for kind: String) -> String? { texts[kind] }
}
