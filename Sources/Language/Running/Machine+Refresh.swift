/// Modules whose files were edited and that replace those loaded before.
extension Machine {
  /// The effects of a refresh on the prompt's variables.
  public struct Refreshed {
    /// The files that were read again.
    public let files: [String]
    /// The variables that still hold functions of the old modules.
    public let kept: [String]
  }

  /// Runs the modules that the last check reloaded and binds the prompt's names of the old ones to
  /// them. If running them throws, the error is rethrown and everything is as it was before the
  /// check.
  public func refresh(_ globals: Globals) throws -> Refreshed {
    let modules = world.modules
    // Other entries may be checked while a module is parked halfway.
    let (replaced, changes) = (modules.replaced, globals.changes)
    defer { modules.begin() }
    let values = world.slots(of: globals)
    var before: [ObjectIdentifier] = []
    do {
      for (old, new) in replaced {
        guard let ran = world.ranSlots(of: old) else { continue }
        before.append(ObjectIdentifier(ran))
        _ = try slots(of: new)
      }
    } catch {
      modules.rollBack(replaced)
      globals.rollBack(changes)
      throw error
    }
    for binding in globals.bindings.values {
      guard let old = binding.module, let new = replaced.first(where: { $0.old === old })?.new
      else {
        continue
      }
      binding.module = new
      if values[binding.name] != nil {
        values.set(binding, to: .object(ModuleObject(try slots(of: new))))
      }
    }
    let kept = values.variables.filter { name, value in
      guard name != globals.last.name, case .function(let closure) = value else { return false }
      return before.contains(ObjectIdentifier(closure.home))
    }
    return Refreshed(files: replaced.map(\.new.script.source.name), kept: kept.map(\.name))
  }
}
