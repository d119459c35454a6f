import Host
import Syntax

@testable import Language

private let printed = Argument(rest: "values", .any, "What to print.")
private let held = Argument("x", .number, default: 0, "A number.")

/// A small library for the language's own tests: what `print` writes is kept in `output`.
final class SmallEnvironment: Environment {
  var output: [String] = []
  var modules: [String: String] = [:]
  private var builtins: [String: Builtin] = [:]

  init() {
    for builtin in [
      declare("print", [printed]) { [unowned self] call in
        output.append(try call[printed].map(\.printed).joined(separator: " "))
        return .nil
      },
      declare("len", [Argument("x", .any, "A container.")]) { call in
        switch call.values[0] {
        case .list(let list): return .number(Double(list.items.count))
        case .map(let map): return .number(Double(map.entries.count))
        case .string(let box): return .number(Double(box.count))
        default: throw call.wrong(call.builtin.parameters[0], "a list, map or string")
        }
      },
      declare("sqrt", [Argument("x", .number, "A number.")], numeric: { $0.squareRoot() }) {
        call in
        guard case .number(let x) = call.values[0] else { return .nil }
        return .number(x.squareRoot())
      },
      declare("error", [Argument("what", .any, "A message or an error.")]) { call in
        if case .object(let object) = call.values[0], let error = object as? ErrorObject {
          throw error.diagnostic
        }
        throw Failure("error", call.values[0].printed)
      },
      declare("type", [Argument("x", .any, "A value.")]) { call in Value(call.values[0].typeName) },
      declare(
        "apply", [Argument("f", .callable, "A function."), Argument("x", .any, "Its argument.")]
      ) {
        call in try call.machine.call(call.values[0], call.values[1])
      },
      declare(
        "twice",
        [Argument("x", .any, "Evaluated two times.", deferred: true)]
      ) { call in
        let first = try call.machine.call(call.values[0], CallArguments())
        return .list(List([first, try call.machine.call(call.values[0], CallArguments())]))
      },
      declare(
        "options",
        [
          Argument("size", .whole, "A size."), Argument("stride", .optional(.number), "A stride."),
          Argument("mode", .string, default: "same", "A mode.", named: true),
        ]
      ) { call in .list(List(call.values)) },
      declare(
        "push", [Argument("xs", .list, "A list."), Argument("x", .any, "An item.")],
        methodOf: ["list"]
      ) { call in
        guard case .list(let list) = call.values[0] else { return .nil }
        list.items.append(call.values[1])
        return call.values[0]
      },
      declare(
        "append", [Argument("xs", .list, "A list."), Argument("x", .any, "An item.")],
        methodOf: ["list"], traits: .appends
      ) { call in
        guard case .list(let list) = call.values[0] else { return .nil }
        list.items.append(call.values[1])
        return .nil
      },
      declare(
        "pool",
        [
          Argument("x", .list, "The input."), Argument("size", .whole, "A size."),
          Argument("stride", .whole, default: 1, "A stride."),
        ], staging: .staged()
      ) { call in .list(List(call.values)) },
      declare("cell", [held]) { call in .object(Box(try call[held])) },
      declare("copies", []) { _ in .number(Double(Box.copies)) },
    ] {
      builtins[builtin.name] = builtin
    }
  }

  func caller(of module: String) -> Builtin? { nil }
  func known(_ name: String) -> Known? {
    if let builtin = builtins[name] { return .builtin(builtin) }
    if name == "pi" { return .constant(.number(.pi)) }
    if name == "exported" { return .export(module: "tools", name: "exported") }
    return modules[name] == nil ? nil : .module(name)
  }
  var names: [String] { Array(builtins.keys) + Array(modules.keys) }
  func members(of type: String) -> [String: String]? { nil }
  func isPure(_ builtin: Builtin) -> Bool { false }
  func method(_ name: String, of type: String) -> Builtin? {
    builtins[name].flatMap { $0.methodOf.contains(type) ? $0 : nil }
  }
  let explanations: [String: String] = [:]
  var memberNames: Set<String> { ["push", "value", "message", "line", "kind", "file"] }
  func moduleSource(_ name: String) throws -> Source {
    guard let text = modules[name] else { throw Failure("module-missing", "no module \(name)") }
    return Source(name: "stdlib/\(name).lbk", text: text)
  }
  func fileSource(_ path: String, from folder: String?) throws -> Source {
    guard let text = modules[path] else { throw Failure("file-missing", "no file \(path)") }
    return Source(name: path, text: text, folder: "/files")
  }
}

private func declare(
  _ name: String, _ parameters: [AnyArgument], methodOf: [String] = [],
  staging: Builtin.Staging = .none, numeric: (@Sendable (Double) -> Double)? = nil,
  traits: Builtin.Traits = [],
  _ body: @escaping (Call) throws -> Value
) -> Builtin {
  Builtin(
    name, "A builtin of the tests.", parameters, result: "value", examples: [],
    methodOf: methodOf, staging: staging, numeric: numeric, traits: traits, body: body)
}

/// A value kind: assigning to its element changes it in place only where nobody else holds it.
final class Box: HostObject {
  nonisolated(unsafe) static var copies = 0
  nonisolated(unsafe) static var alive = 0
  private var number: Double

  init(_ number: Double) {
    self.number = number
    Box.alive += 1
  }
  deinit { Box.alive -= 1 }

  override var typeName: String { "box" }
  override var isValue: Bool { true }
  override var summary: String { "box(\(Value.number(number).printed))" }
  override func member(_ name: String) throws -> Value? {
    name == "value" ? .number(number) : name == "alive" ? .number(Double(Box.alive)) : nil
  }
  override func subscripted(_ index: [Subscript]) throws -> Value { .number(number) }
  override func settingSubscript(
    _ index: [Subscript], to value: Value, isUnique: Bool, on machine: any Caller
  ) throws
    -> HostObject
  {
    guard case .number(let x) = value else {
      throw Failure("type", "box: a number, got \(value.brief)")
    }
    if !isUnique { Box.copies += 1 }
    let target = isUnique ? self : Box(0)
    target.number = x
    return target
  }
  override class func binary(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    func number(_ value: Value) -> Double? {
      switch value {
      case .number(let x): x
      case .object(let object): (object as? Box)?.number
      default: nil
      }
    }
    guard op == .add, let x = number(left), let y = number(right) else { return nil }
    return .object(Box(x + y))
  }
  override func truth() throws -> Bool? { number != 0 }
}
