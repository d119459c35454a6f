/// What `limbeck explain CODE` says of the stable codes of errors.
public enum Explanations {
  /// The codes, sorted.
  public static var kinds: [String] { (Array(language.keys) + Array(library.keys)).sorted() }

  /// The paragraph on a code; nil for one that does not exist.
  public static func text(for kind: String) -> String? { language[kind] ?? library[kind] }
}
