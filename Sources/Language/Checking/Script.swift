import Syntax

/// A tree with what was found out about it: what its names mean, which options it declares, what is wrong
/// with it. The machine runs scripts. What belongs to a node is kept under the node's identity, since the
/// tree itself says only what is written.
public final class Script {
  /// The tree.
  public let tree: SyntaxTree
  /// Everything that is wrong with it and with the modules it mentions, sorted by place: first its own.
  public internal(set) var diagnostics: [Diagnostic] = []
  /// The options that it and its modules declare, in the order of their places.
  public internal(set) var options: [ScriptOption] = []
  /// The top level as the function that it is compiled to.
  let scope = FunctionScope(parent: nil)
  /// Whether all names of the top level are globals: in a module, at the prompt, and in a script that
  /// calls a builtin which looks at them.
  var keepsNames = false
  private var meanings: [ObjectIdentifier: Meaning] = [:]
  private var scopes: [ObjectIdentifier: FunctionScope] = [:]
  private var quotes: [ObjectIdentifier: String] = [:]
  private var appends: Set<ObjectIdentifier> = []

  /// Makes a script of a tree of which nothing is known yet.
  init(_ tree: SyntaxTree) { self.tree = tree }

  /// The source.
  public var source: Source { tree.source }
  /// Whether it can't be run.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// What a name means; nil for the `_` that discards, and for what nothing declares.
  subscript(name: Name) -> Meaning? {
    get { meanings[ObjectIdentifier(name)] }
    set { meanings[ObjectIdentifier(name)] = newValue }
  }

  /// What the resolver found out about a function's frame.
  subscript(function: FunctionLiteral) -> FunctionScope? {
    get { scopes[ObjectIdentifier(function)] }
    set { scopes[ObjectIdentifier(function)] = newValue }
  }

  /// The name that an argument stands for as a text, where a builtin asks about names: `help dataset`.
  subscript(quoting expression: Expression) -> String? {
    get { quotes.isEmpty ? nil : quotes[ObjectIdentifier(expression)] }
    set { quotes[ObjectIdentifier(expression)] = newValue }
  }

  /// Notes that a call, where its receiver is a list, adds to it: `xs.append(x)`.
  func noteAppend(_ call: CallNode) { appends.insert(ObjectIdentifier(call)) }

  /// Whether a call, where its receiver is a list, adds to it.
  func isAppend(_ call: CallNode) -> Bool { appends.contains(ObjectIdentifier(call)) }
}

/// What a name means.
enum Meaning {
  /// Something the script declares.
  case binding(Binding)
  /// Something from outside.
  case known(Known)
}

extension Script {
  /// What a name declares or means, if that is something of the script's.
  func binding(_ name: Name) -> Binding? {
    if case .binding(let binding) = self[name] { return binding }
    return nil
  }

  /// The builtin that an expression is the name of.
  func builtin(_ expression: Expression) -> Builtin? {
    if case .name(let name) = expression.kind, case .known(.builtin(let builtin)) = self[name] {
      return builtin
    }
    return nil
  }

  /// The module of stdlib that an expression is the name of.
  func module(_ expression: Expression) -> String? {
    if case .name(let name) = expression.kind, case .known(.module(let module)) = self[name] {
      return module
    }
    return nil
  }
}
