import Host
import Syntax

/// The nodes that declare a name or open a scope; the walker does the rest.
extension Resolver {
  func resolveLet(_ names: [Name], _ value: Expression) {
    var literal: FunctionLiteral?
    if names.count == 1, case .function(let function) = value.kind { literal = function }
    let isNew = names.map { isUnbound($0.text) }
    let bindings = names.map { declare($0, .let, function: literal) }
    let own = zip(bindings, isNew).compactMap { binding, isNew in
      isNew ? binding.map { ObjectIdentifier($0) } : nil
    }
    if globals == nil, names.count == 1, let binding = bindings[0] {
      script.note(binding, initialValue: value)
    }
    pending.formUnion(own)
    walk(value)
    pending.subtract(own)
  }

  /// Whether declaring a name makes a new binding, rather than changing an existing one of the
  /// prompt.
  private func isUnbound(_ name: String) -> Bool {
    guard scopes.count == 1, let binding = globals?.bindings[name] else { return true }
    return binding.isUndeclared
  }

  func resolveUse(_ path: String, _ pathSpan: Span, _ name: Name) {
    let binding = declare(name, .module)
    if globals != nil { modules.refresh(path, from: script.source.folder) }
    do {
      binding?.module = try modules.file(path, from: script.source.folder)
    } catch {
      let failure = error as? Failure ?? Failure("file-read", "use: \(path) can't be read")
      diagnostics.append(Diagnostic(failure, at: Place(script.source, pathSpan)))
    }
  }

  func resolveFor(_ names: [Name], _ sequence: Expression, _ block: Block) {
    walk(sequence)
    scopes.append(Scope(function: function))
    for name in names { declare(name, .loop) }
    walk(block)
    scopes.removeLast()
  }

  func resolveTry(_ body: Block, _ name: Name?, _ handler: Block) {
    walk(body)
    scopes.append(Scope(function: function))
    if let name { declare(name, .caught) }
    walk(handler)
    scopes.removeLast()
  }
}
