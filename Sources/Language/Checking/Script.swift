import Syntax

/// A syntax tree with what was found out about it: the meaning of its names, the options it
/// declares and its diagnostics. The machine runs scripts. What belongs to a node is stored under
/// the node's identity, since the tree itself represents only the text.
public final class Script {
  /// The tree.
  public let tree: SyntaxTree
  /// Everything that is wrong with it and with the modules it mentions: its own diagnostics first,
  /// sorted by place.
  public internal(set) var diagnostics: [Diagnostic] = []
  /// The options that it and its modules declare, in source order.
  public internal(set) var options: [ScriptOption] = []
  /// The scope of the top level, which is compiled as a function.
  let scope = FunctionScope(parent: nil)
  /// Whether all names of the top level are globals: in a module, at the prompt, and in a script
  /// that calls a builtin which looks at them.
  var keepsNames = false
  private var meanings: [ObjectIdentifier: Meaning] = [:]
  private var scopes: [ObjectIdentifier: FunctionScope] = [:]
  private var quotes: [ObjectIdentifier: String] = [:]
  private var appends: Set<ObjectIdentifier> = []
  private var changes: Set<ObjectIdentifier> = []
  private var initialValues: [ObjectIdentifier: Expression] = [:]

  /// Makes a script from an unresolved tree.
  init(_ tree: SyntaxTree) { self.tree = tree }

  /// Its source.
  public var source: Source { tree.source }
  /// Whether it has errors, so that it can't be run.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// The meaning of a name; nil for the `_` that discards a value, and for undeclared names.
  subscript(name: Name) -> Meaning? {
    get { meanings[ObjectIdentifier(name)] }
    set { meanings[ObjectIdentifier(name)] = newValue }
  }

  /// What the resolver found out about a function's call frame.
  subscript(function: FunctionLiteral) -> FunctionScope? {
    get { scopes[ObjectIdentifier(function)] }
    set { scopes[ObjectIdentifier(function)] = newValue }
  }

  /// The name that an argument denotes as a string, if a builtin asks about names: `help dataset`.
  subscript(quoting expression: Expression) -> String? {
    get { quotes.isEmpty ? nil : quotes[ObjectIdentifier(expression)] }
    set { quotes[ObjectIdentifier(expression)] = newValue }
  }

  /// Records that a call appends to its receiver if that is a list: `xs.append(x)`.
  func noteAppend(_ call: CallNode) { appends.insert(ObjectIdentifier(call)) }

  /// Whether a call appends to its receiver if that is a list.
  func isAppend(_ call: CallNode) -> Bool { appends.contains(ObjectIdentifier(call)) }

  /// Records that a call changes its first argument or its receiver: `remove(m, key)`.
  func noteChangesFirst(_ call: CallNode) { changes.insert(ObjectIdentifier(call)) }

  /// Records what `let` gives a name of a script or module.
  func note(_ binding: Binding, initialValue: Expression) {
    initialValues[ObjectIdentifier(binding)] = initialValue
  }

  /// What `let` gives a name that is not changed afterwards.
  func initialValue(of binding: Binding) -> Expression? {
    binding.isReassigned ? nil : initialValues[ObjectIdentifier(binding)]
  }

  /// Whether a call changes its first argument or its receiver.
  func changesFirst(_ call: CallNode) -> Bool { changes.contains(ObjectIdentifier(call)) }
}

/// A test that a script declares with `test "name" { }`.
public struct ScriptTest {
  /// Its name.
  public let name: String
  /// Where it is declared.
  public let place: Place
  /// Its body.
  let function: FunctionLiteral
}

extension Script {
  /// Its tests, in source order.
  public var tests: [ScriptTest] {
    tree.statements.compactMap { statement in
      guard case .test(let name, let function) = statement.kind else { return nil }
      return ScriptTest(name: name.text, place: Place(source, name.span), function: function)
    }
  }
}

/// The meaning of a name.
enum Meaning {
  /// A name that the script declares.
  case binding(Binding)
  /// A name that the environment knows.
  case known(Known)
}

extension Script {
  /// The binding that a name declares or refers to, if the script declares it.
  func binding(_ name: Name) -> Binding? {
    if case .binding(let binding) = self[name] { return binding }
    return nil
  }

  /// The builtin that an expression names.
  func builtin(_ expression: Expression) -> Builtin? {
    if case .name(let name) = expression.kind, case .known(.builtin(let builtin)) = self[name] {
      return builtin
    }
    return nil
  }

  /// The module of stdlib that an expression names.
  func module(_ expression: Expression) -> String? {
    if case .name(let name) = expression.kind, case .known(.module(let module)) = self[name] {
      return module
    }
    return nil
  }
}
