import Syntax

/// A source file of the language, parsed and resolved: a module of stdlib, or a file that `use`
/// names.
public final class Module {
  /// The identity of the module: `stdlib/saliency`, or the file's absolute path.
  public let key: String
  /// Its resolved tree.
  public let script: Script
  /// Whether it belongs to stdlib.
  public let isStdlib: Bool
  /// The names it declares at top level, including those that begin with `_`.
  public internal(set) var members: [String: Binding] = [:]
  /// The errors and warnings found in it.
  public internal(set) var diagnostics: [Diagnostic] = []
  /// Whether the whole source could be parsed.
  let isWhole: Bool
  /// Whether the checker has checked it.
  var isChecked = false
  /// Whether a prompt has reported its errors and warnings.
  var isReported = false

  init(key: String, parsed: ParseResult, isStdlib: Bool) {
    self.key = key
    script = Script(parsed.tree)
    isWhole = parsed.diagnostics.isEmpty
    self.isStdlib = isStdlib
  }

  /// The modules that it uses.
  var uses: [Module] { members.values.compactMap(\.module) }

  /// The names that other files may use: the members that do not begin with `_`.
  public var exports: [String] { members.keys.filter { !$0.hasPrefix("_") }.sorted() }
}
