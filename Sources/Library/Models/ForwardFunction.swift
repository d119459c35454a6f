import Formats
import Host
import Language
import Models

/// The forward functions of models, and functions that are layers: how a file describes one, and how
/// it is found again.
enum ForwardFunction {
  /// A function of the language as a network calls it: with the model and a batch, or, as a layer,
  /// with the batch alone.
  static func script(_ function: Value, on machine: any Caller) -> Forward.Script {
    (
      function,
      { model, inputs, _ in
        let inputs = inputs.map { Value($0) }
        if let model {
          return try Output(machine.call(function, CallArguments([Value(model)] + inputs)))
        }
        let result = try machine.call(function, CallArguments(inputs))
        guard case .object(let object as TensorObject) = result else {
          throw Failure(
            "type", "\(function.brief): a layer must give a tensor, it gave \(result.brief)")
        }
        return .tensor(object.variable)
      }
    )
  }

  /// Throws `argument` if a function of the script can't be called with so many arguments. The
  /// message begins with what it takes.
  static func expect(_ function: Any, takes count: Int, _ what: String) throws {
    guard case .function(let closure)? = function as? Value,
      !(closure.required...closure.parameters.count).contains(count)
    else { return }
    let own = closure.parameters.count
    throw Failure("argument", "\(what), and this one has \(own) parameter\(own == 1 ? "" : "s")")
  }

  // MARK: Saving

  /// Describes forward functions for a file. `note` is told why one is not in it.
  static func describer(
    on machine: any Caller, note: @escaping (String) -> Void
  ) -> Forward.Describer {
    { source in
      do { return try description(of: source, on: machine) } catch let failure as Failure {
        note("\(failure.message), so the file has the weights only")
        return .object([("unsaved", .string(failure.message))])
      }
    }
  }

  private static func description(of source: Any, on machine: any Caller) throws -> JSON {
    if let layer = source as? Layer {
      throw Failure(
        "forward",
        "the layer \(layer.label) has no description in files: write it as a function, x -> ...")
    }
    guard let value = source as? Value else {
      throw Failure("forward", "the forward function of the model is not one of the language")
    }
    if case .object(let builtin as Builtin) = value {
      return .object([("builtin", .string(builtin.name))])
    }
    guard case .function(let closure) = value else {
      throw Failure(
        "forward",
        "the layer \(value.brief) is an operation with options: write it as a function, x -> ...")
    }
    if let name = foreign(in: closure, []) {
      throw Failure(
        "forward",
        "the forward function captures `\(name)`, which is neither a function nor a module: make it a "
          + "part of a `model`")
    }
    let digest = try machine.digest(of: value).text
    var entries = [("text", JSON.string(closure.text)), ("digest", .string(digest))]
    if let module = closure.home.module, let name = closure.name,
      case .function(let known)? = closure.home[name], known === closure
    {
      entries =
        [
          ("module", .string(module.isStdlib ? module.key : closure.home.name)),
          ("function", .string(name)),
        ] + entries
    }
    return .object(entries)
  }

  /// The name of a captured variable that is neither a function nor a module, also inside captured
  /// functions; nil if there is none.
  private static func foreign(in closure: Closure, _ seen: Set<ObjectIdentifier>) -> String? {
    guard !seen.contains(ObjectIdentifier(closure)) else { return nil }
    let seen = seen.union([ObjectIdentifier(closure)])
    for variable in closure.captured {
      switch variable.value {
      case .function(let inner): if let name = foreign(in: inner, seen) { return name }
      case .object(is ModuleObject), .object(is Builtin): continue
      default: return variable.name
      }
    }
    return nil
  }

  // MARK: Loading

  /// Finds the functions that files describe: among those that are given, in the standard library,
  /// and in the modules that are in use.
  static func finder(
    _ given: Value?, _ library: Library, on machine: any Caller
  ) -> Forward.Finder {
    var wasTaken = false
    return { description, path, file in
      let place = path.isEmpty ? file : "\(file), \"\(path)\""
      switch given {
      case .map(let map)?:
        if let function = map[.string(path)] {
          return script(try checked(function, description, place, library, machine), on: machine)
        }
      case let function?:
        guard !wasTaken else {
          throw Failure(
            "argument", "load: several models in \(file) have a forward function",
            hint: "give a map of them by path: forward: {\"\(path)\": ...}")
        }
        wasTaken = true
        return script(try checked(function, description, place, library, machine), on: machine)
      case nil: break
      }
      return script(try found(description, place, library, machine), on: machine)
    }
  }

  /// A function that was given. A note tells if it is another one than that of the file.
  private static func checked(
    _ function: Value, _ description: JSON, _ place: String, _ library: Library,
    _ machine: any Caller
  ) throws -> Value {
    if let digest = description.text("digest"), try machine.digest(of: function).text != digest {
      library.note("load: \(place): the forward function is not the one that was saved")
    }
    return function
  }

  /// The function of the name that the file has.
  private static func found(
    _ description: JSON, _ place: String, _ library: Library, _ machine: any Caller
  ) throws -> Value {
    let hint = "write load(path, forward: f) with the function, or load(path, into: g)"
    if let reason = description.text("unsaved") {
      throw Failure(
        "file-format", "load: \(place) holds weights only: \(reason)",
        hint: "make the model and write load(path, into: g)")
    }
    if let name = description.text("builtin") {
      guard let builtin = library.builtins[name] else {
        throw Failure("forward", "load: \(place): unknown function \(name)", hint: hint)
      }
      return .object(builtin)
    }
    guard let module = description.text("module"), let name = description.text("function") else {
      throw Failure(
        "forward", "load: \(place): its forward function is one of a script", hint: hint)
    }
    guard let value = try (machine as? Machine)?.member(name, of: module) else {
      throw Failure(
        "forward",
        "load: \(place): its forward function is \(name) of \(module), which is not in use",
        hint: hint)
    }
    guard try machine.digest(of: value).text != description.text("digest") else { return value }
    guard module.hasPrefix("stdlib/") else {
      throw Failure(
        "forward",
        "load: \(place): its forward function, \(name) of \(module), has changed since it was saved",
        hint: hint)
    }
    return try checked(value, description, place, library, machine)
  }
}

extension JSON {
  /// An entry that is a string.
  fileprivate func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }
}
