import Host
import Language
import Models

/// Writes models and optimizers to files.
extension SessionWriter {
  /// Returns the expression for a model; models that share layers are written to one file. Functions
  /// that their forward passes call are given to `load`, written as all functions are.
  mutating func model(_ layer: Layer, _ depth: Int) throws -> String {
    let group = graph.group(of: layer)
    let whole =
      group.count == 1
      ? layer : Bundle(group.enumerated().map { ("\($0)", $1) }, isList: true)
    let members = group.map { ObjectIdentifier($0) }
    guard !isOpen(Value(layer)) else {
      throw Failure("unsaved", "a model whose forward function leads back to the model")
    }
    setOpen(members, true)
    defer { setOpen(members, false) }
    let path = newPath("safetensors")
    var load = "load(\(Value(path).display(columns: 80))"
    var functions: [String] = []
    for (path, script) in whole.scriptsByPath {
      guard let function = script as? Value else { continue }
      functions.append(
        "(\(Value(path).display(columns: 80))): \(try expression(function, depth: depth + 1))")
    }
    load += functions.isEmpty ? ")" : ", forward: {\(functions.joined(separator: ", "))})"
    // What a forward function captures is in the script, so that it need not be in the file.
    try whole.fileContent(ForwardFunction.describer(on: session.machine, note: { _ in }))
      .write(to: path, on: session.library.host)
    if group.count == 1 { return assigned(Value(layer), load) }
    let all = newName()
    statement("let \(all) = \(load)")
    for (i, layer) in group.enumerated() { names[ObjectIdentifier(layer)] = "\(all)[\(i)]" }
    return names[ObjectIdentifier(layer)] ?? load
  }

  /// Returns the expression for an optimizer, made of its constructor call and its state.
  mutating func optimizer(_ optimizer: Optimizer, _ depth: Int) throws -> String {
    var arguments: [(String, Double)] = [
      ("lr", optimizer.learningRate), ("weight_decay", optimizer.weightDecay),
    ]
    var others = ""
    switch optimizer {
    case let sgd as SGD:
      arguments.append(("momentum", sgd.momentum))
      if sgd.isNesterov { others = ", nesterov: true" }
    case let adam as Adam:
      arguments.append(("epsilon", adam.epsilon))
      others = ", betas: [\(adam.betas.0), \(adam.betas.1)]"
    default: throw Failure("unsaved", "an optimizer of a kind that has no form in a script")
    }
    let models = try optimizer.models.map { try expression(Value($0), depth: depth + 1) }
    let list = models.count == 1 ? models[0] : "[" + models.joined(separator: ", ") + "]"
    let options = arguments.map { ", \($0): \(Value.number($1).printed)" }.joined()
    let call = "\(optimizer.name)(\(list)\(options)\(others))"
    let value = Value.object(OptimizerObject(optimizer))
    guard optimizer.steps > 0 else { return assigned(value, call) }
    let path = newPath("safetensors")
    try save(value, path)
    return assigned(value, "load(\(Value(path).display(columns: 80)), into: \(call))")
  }

  /// Adds a statement that gives a declared model or optimizer its present weights and state.
  mutating func update(_ value: Value) throws {
    guard let name = value.identity.flatMap({ names[$0] }) else { return }
    let path = newPath("safetensors")
    try save(value, path)
    statement("load(\(Value(path).display(columns: 80)), into: \(name))")
  }

  /// Writes a file with the builtin `save`.
  private func save(_ value: Value, _ path: String) throws {
    guard let save = session.library.builtins["save"] else { return }
    do {
      _ = try session.machine.call(.object(save), CallArguments([value, Value(path)]))
    } catch let failure as Failure where !failure.kind.hasPrefix("file") {
      throw Failure("unsaved", failure.message)
    }
  }
}
