import Syntax

/// A name that the script declares.
public final class Binding {
  /// How it was declared.
  public enum Kind { case `let`, function, parameter, loop, caught, module }
  /// The name.
  public let name: String
  /// How.
  public internal(set) var kind: Kind
  /// Where; at the prompt, the last time.
  public internal(set) var place: Place
  /// The function whose frame holds it.
  public let owner: FunctionScope
  /// Whether it lives in the module's globals: at the prompt all of the top level does, in a file
  /// what a function uses or another file may.
  public var isGlobal = false
  /// Whether an inner function uses it, when it is no global.
  public var isCaptured = false
  /// Whether it is assigned after its declaration.
  public var isReassigned = false
  /// The function it is bound to and stays bound to, for checking calls.
  public var function: FunctionLiteral?
  /// The module that `use` binds it to.
  public var module: Module?
  /// Whether nothing declares it yet: a function of the prompt names it, which is an error when it
  /// is reached.
  public internal(set) var isUndeclared = false
  /// Whether the library has something of the name, which is not seen where the binding is.
  public internal(set) var hidesLibrary = false
  /// Makes a binding.
  public init(_ name: String, _ kind: Kind, _ place: Place, owner: FunctionScope) {
    self.name = name
    self.kind = kind
    self.place = place
    self.owner = owner
  }

  /// A note for a call that fails; nil where nothing is hidden.
  var hidingNote: String? {
    hidesLibrary ? "the `\(name)` of \(place.text) hides the library's" : nil
  }
}

/// The frame of one function: what the resolver found out about it.
public final class FunctionScope {
  /// The function around it; nil for a file's top level.
  public let parent: FunctionScope?
  /// The bindings of outer functions (not globals) that it or a function inside it uses, in order
  /// of first use: the closure's captures.
  public var captures: [Binding] = []
  /// Makes a scope.
  public init(parent: FunctionScope?) { self.parent = parent }
}
