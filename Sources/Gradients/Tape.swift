import Host
import Tensors

/// The record of one differentiated computation. Operations append to it; `walk` goes back over it.
/// Entries are numbered, so a chain of any length is released without recursion.
public final class Tape {
  /// The way back through an operation: it gets the gradient of the result, which it may change in
  /// place, and gives one for each input, nil where none flows.
  typealias Backward = (inout Tensor) throws -> [Tensor?]

  /// What an operation leaves for the way back.
  struct Entry {
    let operation: String
    let inputs: [Int]
    var backward: Backward?
  }

  /// The open tape, if a gradient is being taken. One at a time: gradients are of first order.
  public private(set) static var current: Tape? {
    get { open.value }
    set { open.value = newValue }
  }
  private static let open = ThreadLocal<Tape?> { nil }

  var entries: [Entry] = []
  /// Operations without a gradient that were applied to something tracked.
  private(set) var cuts: [(operation: String, node: Int)] = []
  private var parameterNodes: [ObjectIdentifier: Int] = [:]
  private let watches: (Parameter) -> Bool
  private var updates: [() throws -> Void] = []
  private let holdsUpdates: Bool
  /// What is in training form while the tape is open: the layers an optimizer owns.
  public let training: Set<ObjectIdentifier>
  /// Whether the gradient is one to look at: that at tensors, such as images, and not at parameters.
  /// Equal places of an image must then give equal numbers, or what picks the greater of two, as
  /// `maxPool` does, picks by rounding; so operations keep to algorithms that round alike everywhere.
  let isLooking: Bool
  private(set) var isOpen = true

  private init(
    training: Set<ObjectIdentifier>, holdsUpdates: Bool, isLooking: Bool,
    watches: @escaping (Parameter) -> Bool
  ) {
    self.isLooking = isLooking
    self.watches = watches
    self.training = training
    self.holdsUpdates = holdsUpdates
  }

  /// Runs `body` with a new tape as the current one and closes it afterwards, whatever happens. A
  /// nested gradient is an error of kind `nested-gradient`.
  static func record<R>(
    training: Set<ObjectIdentifier> = [], holdsUpdates: Bool = false, isLooking: Bool = false,
    watching watches: @escaping (Parameter) -> Bool = { _ in false }, _ body: (Tape) throws -> R
  ) throws -> R {
    guard current == nil else {
      throw Failure(
        "nested-gradient", "a gradient inside a gradient: only first order can be taken",
        hint: "compute the inner one before, and use it as a constant")
    }
    let tape = Tape(
      training: training, holdsUpdates: holdsUpdates, isLooking: isLooking, watches: watches)
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

  /// Lets go of everything recorded, and with it of tensors that a step wants to change in place.
  func release() {
    entries = []
    isOpen = false
  }

  /// A new leaf: a tensor whose gradient is wanted.
  func leaf(_ value: Tensor) -> Variable { append("leaf", [], value, backward: nil) }

  /// A parameter's variable: a leaf, made at its first use, if the tape watches it.
  func variable(of parameter: Parameter, _ value: Tensor) -> Variable? {
    let id = ObjectIdentifier(parameter)
    if let node = parameterNodes[id] { return Variable(value, on: self, node: node) }
    guard !parameter.isFrozen, watches(parameter) else { return nil }
    let variable = leaf(value)
    parameterNodes[id] = variable.node
    return variable
  }

  /// The place of a parameter that was used.
  func node(of parameter: Parameter) -> Int? { parameterNodes[ObjectIdentifier(parameter)] }

  func note(cut operation: String, at node: Int) { cuts.append((operation, node)) }

  /// Makes a change that belongs to a training step (running means, dropout's count): at once, or,
  /// inside a `minimize`, once its step is certain.
  public static func update(_ change: @escaping () throws -> Void) throws {
    if let tape = current, tape.holdsUpdates { tape.updates.append(change) } else { try change() }
  }

  /// Makes the changes that were held back.
  func applyUpdates() throws {
    for update in updates { try update() }
    updates = []
  }

  private func append(
    _ operation: String, _ inputs: [Int], _ value: Tensor, backward: Backward?
  ) -> Variable {
    entries.append(Entry(operation: operation, inputs: inputs, backward: backward))
    return Variable(value, on: self, node: entries.count - 1)
  }

  /// The result of an operation: recorded if any input is on an open tape, else a constant.
  static func result(
    _ operation: TapeOperation, _ inputs: [Variable], _ value: Tensor,
    backward: @escaping (inout Tensor) throws -> [Tensor?]
  ) -> Variable {
    guard let tape = inputs.first(where: { $0.isTracked })?.tape else { return Variable(value) }
    return tape.append(
      operation.name, inputs.map { $0.isTracked ? $0.node : -1 }, value, backward: backward)
  }
}
