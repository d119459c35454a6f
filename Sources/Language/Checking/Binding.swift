import Syntax

/// A name that the script declares.
public final class Binding {
  /// How a name was declared.
  public enum Kind { case `let`, function, parameter, loop, caught, module }
  /// The name.
  public let name: String
  /// How it was declared.
  public internal(set) var kind: Kind
  /// Where it was declared; at the prompt, the most recent declaration.
  public internal(set) var place: Place
  /// The function whose call frame holds it.
  public let owner: FunctionScope
  /// Whether it is one of the module's globals: at the prompt, every top-level name; in a file, the
  /// top-level names that a function uses or that another file may use.
  public var isGlobal = false
  /// Whether an inner function uses it; false for globals.
  public var isCaptured = false
  /// Whether it is assigned after its declaration.
  public var isReassigned = false
  /// The function that it is bound to and never rebound from, used to check calls.
  public var function: FunctionLiteral?
  /// The module that `use` binds it to.
  public var module: Module?
  /// Whether it has no declaration yet: a function at the prompt mentions it, which is an error
  /// when execution reaches it.
  public internal(set) var isUndeclared = false
  /// Whether the library has something of the same name, which the binding hides in its scope.
  public internal(set) var hidesLibrary = false
  /// Makes a binding.
  public init(_ name: String, _ kind: Kind, _ place: Place, owner: FunctionScope) {
    self.name = name
    self.kind = kind
    self.place = place
    self.owner = owner
  }

  /// A note for a call that fails; nil if the binding hides nothing.
  var hidingNote: String? {
    hidesLibrary ? "the `\(name)` of \(place.text) hides the library's" : nil
  }
}

/// The call frame of one function: what the resolver found out about it.
public final class FunctionScope {
  /// The enclosing function; nil for a file's top level.
  public let parent: FunctionScope?
  /// The bindings of outer functions (not globals) that it or a function inside it uses, in order
  /// of first use. They are the closure's captures.
  public var captures: [Binding] = []
  /// Makes a scope.
  public init(parent: FunctionScope?) { self.parent = parent }
}
