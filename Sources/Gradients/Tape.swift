import Host
import Tensors

/// The record of one differentiated computation. Operations append to it; `gradients` walks it back.
/// Entries are numbered, so a chain of any length is released without recursion.
public final class Tape {
  /// What an operation leaves for the way back. `backward` gets the gradient of the result and gives
  /// one for each input, nil where none flows.
  struct Entry {
    let operation: String
    let inputs: [Int]
    var backward: ((Tensor) throws -> [Tensor?])?
  }

  /// The open tape, if a gradient is being taken. One at a time: gradients are of first order.
  nonisolated(unsafe) public private(set) static var current: Tape?

  private(set) var entries: [Entry] = []
  private var parameters: [ObjectIdentifier: Int] = [:]
  private let watched: Set<ObjectIdentifier>
  private(set) var isOpen = true

  init(watching parameters: [Parameter]) {
    watched = Set(parameters.map { ObjectIdentifier($0) })
  }

  /// Runs `body` with a new tape as the current one and closes it afterwards. A nested gradient is
  /// an error.
  static func record<R>(watching parameters: [Parameter] = [], _ body: (Tape) throws -> R) throws
    -> R
  {
    guard current == nil else {
      throw Failure(
        "nested-gradient", "a gradient inside a gradient: only first order can be taken",
        hint: "compute the inner one before, and use it as a constant")
    }
    let tape = Tape(watching: parameters)
    current = tape
    defer {
      current = nil
      tape.isOpen = false
      tape.entries = []
    }
    return try body(tape)
  }

  /// A new leaf: a tensor whose gradient is wanted.
  func leaf(_ value: Tensor) -> Variable { append("leaf", [], value, backward: nil) }

  /// A parameter's variable: a leaf, made at its first use, if the tape watches it.
  func variable(of parameter: Parameter) -> Variable? {
    let id = ObjectIdentifier(parameter)
    guard watched.contains(id) else { return nil }
    if let node = parameters[id] { return Variable(parameter.value, on: self, node: node) }
    let variable = leaf(parameter.value)
    parameters[id] = variable.node
    return variable
  }

  private func append(
    _ operation: String, _ inputs: [Int], _ value: Tensor,
    backward: ((Tensor) throws -> [Tensor?])?
  ) -> Variable {
    entries.append(Entry(operation: operation, inputs: inputs, backward: backward))
    return Variable(value, on: self, node: entries.count - 1)
  }

  /// The result of an operation: recorded if any input is on an open tape, else a constant.
  static func result(
    _ operation: String, _ inputs: [Variable], _ value: Tensor,
    backward: @escaping (Tensor) throws -> [Tensor?]
  ) -> Variable {
    guard let tape = inputs.first(where: { $0.isTracked })?.tape else { return Variable(value) }
    return tape.append(
      operation, inputs.map { $0.isTracked ? $0.node : -1 }, value, backward: backward)
  }
}
