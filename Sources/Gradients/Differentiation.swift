import Host
import Ranks
import Tensors

/// A loss and its gradients, which are tensors or still to be computed.
public struct Differentiated<Key, Form> {
  /// The loss, of shape [].
  public let value: Tensor
  /// The gradients, in the requested order.
  public let gradients: [(key: Key, gradient: Form)]
}

/// A parameter with its path for error messages.
public typealias NamedParameter = (path: String, parameter: Parameter)

extension Tape {
  /// Evaluates a scalar function and its gradient at each of `tensors`, which are float32 or
  /// float64. `caller` is the prefix of error messages; `isGuided` makes it a guided gradient.
  /// Throws `not-scalar`, `not-finite`, `no-gradient`, `nested-gradient`.
  public static func valueAndGradients(
    at tensors: [Tensor], caller: String, isGuided: Bool = false,
    _ loss: ([Variable]) throws -> Variable
  ) throws -> Differentiated<Int, Tensor> {
    for tensor in tensors where !tensor.dtype.isFloating {
      throw Failure(
        "dtype",
        "\(caller): only float32 and float64 tensors have a gradient, got \(tensor.dtype.name)",
        hint: "convert it before")
    }
    return try record(isLooking: true, isGuided: isGuided) { tape in
      let leaves = tensors.map { tape.leaf($0) }
      let result = try scalar(loss(leaves), caller)
      let gradients = try tape.gradients(from: result, wanted: leaves.map(\.node))
      return Differentiated(
        value: try result.value.reshaped([]),
        gradients: try zip(leaves, gradients).enumerated().map { i, pair in
          guard let gradient = pair.1 else {
            let place = tensors.count == 1 ? "`at`" : "item \(i) of `at`"
            throw noGradient(caller, place, tape.reasonForNoGradient(at: pair.0.node))
          }
          return (i, try gradient.computed())
        })
    }
  }

  /// Evaluates a loss and its gradient with respect to the parameters it uses. A loss may leave out
  /// parts of a model: parameters without a gradient are left out of the result, and the error
  /// `no-gradient` is thrown only if no parameter has one. `parameters` is called afterwards,
  /// because layers get their sizes in their first call; `watches` selects the parameters to
  /// record.
  public static func valueAndGradients(
    caller: String, watching watches: @escaping (Parameter) -> Bool,
    parameters: () throws -> [NamedParameter], _ loss: () throws -> Variable
  ) throws -> Differentiated<NamedParameter, Gradient> {
    try record(watching: watches) { tape in
      let result = try scalar(loss(), caller)
      return Differentiated(
        value: try result.value.reshaped([]),
        gradients: try tape.gradients(of: result, at: parameters(), caller))
    }
  }

  /// The gradients of a result at the parameters that have one, times a scale. `ready` is called with each as soon as it
  /// is known, in an order that the operations decide, and may replace it. Throws `no-gradient` if none has.
  func gradients(
    of result: Variable, at parameters: [NamedParameter], scale: Double = 1, _ caller: String,
    ready: ((NamedParameter, inout Gradient?) throws -> Void)? = nil
  ) throws -> [(key: NamedParameter, gradient: Gradient)] {
    let used = parameters.compactMap { named in node(of: named.parameter).map { (named, $0) } }
    let keys = Dictionary(used.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let gradients = try gradients(
      from: result, wanted: used.map(\.1), scale: scale,
      ready: ready.map { ready in
        { node, gradient in if let key = keys[node] { try ready(key, &gradient) } }
      })
    let reached = zip(used, gradients).compactMap { use, gradient in
      gradient.map { (key: use.0, gradient: $0) }
    }
    if reached.isEmpty {
      let names = parameters.prefix(3).map(\.path).joined(separator: ", ")
      throw Tape.noGradient(
        caller, names.isEmpty ? "any parameter" : "the model's parameters (\(names) ...)",
        reasonForNoGradient(at: used.first?.1 ?? -1))
    }
    return reached
  }

  private static func scalar(_ loss: Variable, _ caller: String) throws -> Variable {
    try expectScalar(loss, caller)
    try expectFinite(loss.value.reshaped([]).number(), caller)
    return loss
  }

  static func expectScalar(_ loss: Variable, _ caller: String) throws {
    guard loss.value.count == 1, loss.dtype.isFloating else {
      throw Failure(
        "not-scalar",
        "\(caller): the loss must be one floating number, got "
          + "\(loss.dtype.name) \(Tensor.describe(loss.shape))",
        hint: loss.value.count > 1 ? "take its mean or sum" : nil)
    }
  }

  static func expectFinite(_ number: Double, _ caller: String) throws {
    guard number.isFinite else {
      throw Failure(
        "not-finite",
        "\(caller): the loss is \(number.isNaN ? "nan" : number > 0 ? "inf" : "-inf")",
        hint: "a smaller learning rate may help; nothing was changed")
    }
  }

  private static func noGradient(_ caller: String, _ place: String, _ reason: String) -> Failure {
    Failure("no-gradient", "\(caller): no gradient reaches \(place): \(reason)")
  }

  private func gradients(
    from result: Variable, wanted: [Int], scale: Double = 1,
    ready: ((Int, inout Gradient?) throws -> Void)? = nil, watch: ((Int, Double) -> Void)? = nil
  ) throws -> [Gradient?] {
    let seed =
      result.dtype == .float64
      ? try Tensor([scale], shape: result.shape)
      : try Tensor([Float(scale)], shape: result.shape)
    return try gradients(from: result, seed: seed, wanted: wanted, ready: ready, watch: watch)
  }
}

extension Tape {
  /// Runs a training step that changes nothing, to measure it: `forward` with the layers `training`
  /// in training mode, and the backward pass of the sum of what it gives. `watch` is called with
  /// each node of the tape and the seconds of its backward pass. Throws `nested-gradient`.
  public static func rehearse(
    training: Set<ObjectIdentifier>, watching watches: @escaping (Parameter) -> Bool,
    _ forward: () throws -> [Variable], watch: @escaping (_ node: Int, _ seconds: Double) -> Void
  ) throws {
    try record(training: training, holdsUpdates: true, watching: watches) { tape in
      let sums = try forward().map { try $0.sum() }
      guard let first = sums.first else { return }
      let sum = try sums.dropFirst().reduce(first, +)
      _ = try tape.gradients(from: sum, wanted: [], watch: watch)
    }
  }

  /// The number of nodes on the open tape; 0 if no gradient is being computed.
  public static var nodeCount: Int { current?.entries.count ?? 0 }
}
