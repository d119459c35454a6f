import Syntax

/// The names of the prompt, which outlive its entries. A second `let` or `fn` of a name changes the
/// existing binding, so that functions of earlier entries see the new value.
public final class Globals {
  /// Every name, including those that a function mentions but that are not declared yet.
  public private(set) var bindings: [String: Binding] = [:]
  /// `_`, the last result.
  public let last: Binding

  /// The changes of an entry, to be rolled back if the entry is refused.
  struct Changes {
    fileprivate var added: [String] = []
    fileprivate var changed: [(binding: Binding, before: State)] = []
  }
  /// The changes since `begin`.
  private(set) var changes = Changes()
  fileprivate struct State {
    let kind: Binding.Kind
    let place: Place
    let isReassigned: Bool
    let function: FunctionLiteral?
    let module: Module?
    let isUndeclared: Bool
  }

  /// Makes an empty table.
  public init() {
    let source = Source(name: "<prompt>", text: "")
    last = Binding("_", .let, Place(source, Span(0, 0)), owner: FunctionScope(parent: nil))
    last.isGlobal = true
    last.isReassigned = true
  }

  /// The declared names, for completion and nearest matches.
  public var names: [String] { bindings.values.filter { !$0.isUndeclared }.map(\.name) }

  func begin() { changes = Changes() }

  func add(_ binding: Binding) {
    binding.isGlobal = true
    bindings[binding.name] = binding
    changes.added.append(binding.name)
  }

  /// Records a binding's state before the entry changes it.
  func willChange(_ binding: Binding) {
    changes.changed.append(
      (
        binding,
        State(
          kind: binding.kind, place: binding.place, isReassigned: binding.isReassigned,
          function: binding.function, module: binding.module, isUndeclared: binding.isUndeclared)
      ))
  }

  /// Undoes the changes of an entry.
  func rollBack(_ changes: Changes) {
    for (binding, state) in changes.changed.reversed() {
      binding.kind = state.kind
      binding.place = state.place
      binding.isReassigned = state.isReassigned
      binding.function = state.function
      binding.module = state.module
      binding.isUndeclared = state.isUndeclared
    }
    for name in changes.added { bindings[name] = nil }
    begin()
  }
}
