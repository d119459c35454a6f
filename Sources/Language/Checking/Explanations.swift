/// The texts that `limbeck explain CODE` prints for the stable error codes: those of reading,
/// checking and running scripts, and those that the environment explains.
public struct Explanations {
  private let texts: [String: String]

  /// Combines the language's explanations with those of an environment.
  public init(_ environment: any Environment) {
    texts = environment.explanations.merging(Explanations.reading) { $1 }
      .merging(Explanations.running) { $1 }
  }

  /// The codes, sorted.
  public var kinds: [String] { texts.keys.sorted() }

  /// The paragraph on a code; nil if the code does not exist.
  public func text(for kind: String) -> String? { texts[kind] }
}
