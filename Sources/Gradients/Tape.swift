import Host
import Tensors

/// The record of one differentiated computation. Operations append to it, and `walk` runs backwards
/// through it. Entries are numbered, so a chain of any length is released without recursion.
public final class Tape {
  /// The backward pass of an operation: it takes the gradient of the result, which it may change in
  /// place, and returns the gradient of each input, nil for inputs without one.
  typealias Backward = (inout Tensor) throws -> [Gradient?]

  /// An operation as recorded for the backward pass.
  struct Entry {
    let operation: String
    let inputs: [Int]
    var backward: Backward?
  }

  /// The open tape, if a gradient is being computed. There is only one at a time, since gradients
  /// are of first order.
  public private(set) static var current: Tape? {
    get { open.value }
    set { open.value = newValue }
  }
  private static let open = ThreadLocal<Tape?> { nil }
  /// Whether a guided gradient is being computed.
  public static var guides: Bool { current?.isGuided ?? false }

  var entries: [Entry] = []
  /// Operations without a gradient that were applied to a tracked input.
  private(set) var cuts: [(operation: String, node: Int)] = []
  private var parameterNodes: [ObjectIdentifier: Int] = [:]
  private let watches: (Parameter) -> Bool
  private var updates: [Update] = []
  private let holdsUpdates: Bool
  /// The layers that are in training mode while the tape is open: those that the optimizer owns.
  public let training: Set<ObjectIdentifier>
  /// Whether the gradient is meant for inspection: with respect to tensors, such as images, rather
  /// than parameters. Equal regions of an image must then give equal numbers, since otherwise
  /// operations that select the larger of two, such as `maxPool`, would decide by rounding errors.
  /// Therefore only algorithms that round uniformly are used.
  let isLooking: Bool
  /// Whether rectifiers pass only the positive part of a gradient back (guided backpropagation,
  /// Springenberg and others, 2015). Layers are then not fused with the rectifiers after them.
  let isGuided: Bool
  private(set) var isOpen = true

  private init(
    training: Set<ObjectIdentifier>, holdsUpdates: Bool, isLooking: Bool, isGuided: Bool,
    watches: @escaping (Parameter) -> Bool
  ) {
    self.isLooking = isLooking
    self.isGuided = isGuided
    self.watches = watches
    self.training = training
    self.holdsUpdates = holdsUpdates
  }

  /// Runs `body` with a new current tape and closes the tape afterwards, also if an error is
  /// thrown. Throws `nested-gradient` if a tape is already open.
  static func record<R>(
    training: Set<ObjectIdentifier> = [], holdsUpdates: Bool = false, isLooking: Bool = false,
    isGuided: Bool = false, watching watches: @escaping (Parameter) -> Bool = { _ in false },
    _ body: (Tape) throws -> R
  ) throws -> R {
    guard current == nil else {
      throw Failure(
        "nested-gradient", "a gradient inside a gradient: only first order can be taken",
        hint: "compute the inner one before, and use it as a constant")
    }
    let tape = Tape(
      training: training, holdsUpdates: holdsUpdates, isLooking: isLooking, isGuided: isGuided,
      watches: watches)
    current = tape
    defer {
      current = nil
      tape.close()
    }
    return try body(tape)
  }

  private func close() {
    isOpen = false
    entries = []
    updates = []
  }

  /// Releases everything recorded, including tensors that a training step wants to change in place.
  func release() {
    entries = []
    isOpen = false
  }

  /// Adds a leaf: a tensor whose gradient is requested.
  func leaf(_ value: Tensor) -> Variable { append("leaf", [], value, backward: nil) }

  /// The variable of a parameter: a leaf, created when first used, if the tape watches the
  /// parameter.
  func variable(of parameter: Parameter, _ value: Tensor) -> Variable? {
    let id = ObjectIdentifier(parameter)
    if let node = parameterNodes[id] { return Variable(value, on: self, node: node) }
    guard !parameter.isFrozen, watches(parameter) else { return nil }
    let variable = leaf(value)
    parameterNodes[id] = variable.node
    return variable
  }

  /// The node of a parameter that was used.
  func node(of parameter: Parameter) -> Int? { parameterNodes[ObjectIdentifier(parameter)] }

  func note(cut operation: String, at node: Int) { cuts.append((operation, node)) }

  /// A state change that belongs to a training step.
  struct Update {
    var statistics: [Tensor]
    let change: ([Tensor]) throws -> Void
  }

  /// Performs a state change that belongs to a training step (running means, dropout's count):
  /// immediately or, inside a `minimize`, once the step is certain to happen. It receives the statistics; of a batch
  /// in parts it happens once, with their means over the batch.
  public static func update(
    by statistics: [Tensor] = [], _ change: @escaping ([Tensor]) throws -> Void
  ) throws {
    if let tape = current, tape.holdsUpdates {
      tape.updates.append(Update(statistics: statistics, change: change))
    } else {
      try change(statistics)
    }
  }

  /// The deferred changes, for the one who performs them.
  func takeUpdates() -> [Update] {
    defer { updates = [] }
    return updates
  }

  private func append(
    _ operation: String, _ inputs: [Int], _ value: Tensor, backward: Backward?
  ) -> Variable {
    entries.append(Entry(operation: operation, inputs: inputs, backward: backward))
    return Variable(value, on: self, node: entries.count - 1)
  }

  /// The result of an operation: recorded if any input is on an open tape, otherwise a constant.
  static func result(
    _ operation: TapeOperation, _ inputs: [Variable], _ value: Tensor,
    backward: @escaping (inout Tensor) throws -> [Tensor?]
  ) -> Variable {
    result(operation, inputs, value) { (gradient: inout Tensor) throws -> [Gradient?] in
      try backward(&gradient).map { $0.map { Gradient($0) } }
    }
  }

  /// The same of an operation that leaves a gradient to be computed by who needs it.
  static func result(
    _ operation: TapeOperation, _ inputs: [Variable], _ value: Tensor,
    backward: @escaping Backward
  ) -> Variable {
    guard let tape = inputs.first(where: { $0.isTracked })?.tape else { return Variable(value) }
    return tape.append(
      operation.name, inputs.map { $0.isTracked ? $0.node : -1 }, value, backward: backward)
  }
}
