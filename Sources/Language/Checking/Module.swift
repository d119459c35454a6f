import Syntax

/// A file of the language, parsed and resolved: of stdlib, or one that `use` names.
public final class Module {
  /// What tells it from others: `stdlib/saliency`, or the file's absolute path.
  public let key: String
  /// Its tree, resolved.
  public let script: Script
  /// Whether it is one of stdlib's.
  public let isStdlib: Bool
  /// What it declares at top level, names that begin with `_` included.
  public internal(set) var members: [String: Binding] = [:]
  /// What is wrong with it.
  public internal(set) var diagnostics: [Diagnostic] = []
  /// Whether it could be read whole.
  let isWhole: Bool
  /// Whether the checker has gone over it.
  var isChecked = false
  /// Whether a prompt has said what is wrong with it.
  var isReported = false

  init(key: String, parsed: ParseResult, isStdlib: Bool) {
    self.key = key
    script = Script(parsed.tree)
    isWhole = parsed.diagnostics.isEmpty
    self.isStdlib = isStdlib
  }

  /// The modules that it uses.
  var uses: [Module] { members.values.compactMap(\.module) }

  /// What others may name: the members that do not begin with `_`.
  public var exports: [String] { members.keys.filter { !$0.hasPrefix("_") }.sorted() }
}
