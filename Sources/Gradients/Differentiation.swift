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
  /// record. `training` contains the layers in training mode; if it is not empty, their updates are
  /// deferred until after `commit`, which receives the result. Requests to stop or park are answered
  /// before `commit`, also inside code that postpones them, and not while anything is changed.
  public static func valueAndGradients(
    caller: String, watching watches: @escaping (Parameter) -> Bool,
    parameters: () throws -> [NamedParameter], training: Set<ObjectIdentifier> = [],
    _ loss: () throws -> Variable,
    commit: (Differentiated<NamedParameter, Gradient>) throws -> Void = { _ in }
  ) throws -> Differentiated<NamedParameter, Gradient> {
    try record(training: training, holdsUpdates: !training.isEmpty, watching: watches) { tape in
      let all = try WorkingThread.postponing(false) {
        // A training step of which this rank computes a part.
        let division = training.isEmpty ? nil : Division.current
        let (result, value) = try whole(loss(), caller, division)
        let used = try parameters().compactMap { named in
          tape.node(of: named.parameter).map { (named, $0) }
        }
        let gradients = try tape.gradients(
          from: result, wanted: used.map(\.1), scale: division?.share ?? 1)
        var reached = zip(used, gradients).compactMap { use, gradient in
          gradient.map { (key: use.0, gradient: $0) }
        }
        if reached.isEmpty {
          let names = try parameters().prefix(3).map(\.path).joined(separator: ", ")
          throw noGradient(
            caller, names.isEmpty ? "any parameter" : "the model's parameters (\(names) ...)",
            tape.reasonForNoGradient(at: used.first?.1 ?? -1))
        }
        if let division {
          try GradientSum.replace(&reached, \.gradient, over: division.ranks)
        }
        return Differentiated(value: value, gradients: reached)
      }
      tape.release()
      try WorkingThread.postponing {
        try commit(all)
        try tape.applyUpdates()
      }
      return all
    }
  }

  /// A loss and its value. Of a divided batch the value is that of the whole batch: the mean of all
  /// ranks' losses, weighted by their parts.
  private static func whole(_ loss: Variable, _ caller: String, _ division: Division?) throws -> (
    Variable, Tensor
  ) {
    guard let division else {
      let loss = try scalar(loss, caller)
      return (loss, try loss.value.reshaped([]))
    }
    try expectScalar(loss, caller)
    // The sum is NaN if one of the losses is, so that all ranks see it.
    let value = try loss.value.reshaped([])
    let own = try value.number()
    let sum = try division.ranks.sums(caller, [division.count > 0 ? own * division.share : 0])[0]
    try expectFinite(sum, caller)
    return (
      loss, value.dtype == .float64 ? try Tensor(scalar: sum) : try Tensor(scalar: Float(sum))
    )
  }

  private static func scalar(_ loss: Variable, _ caller: String) throws -> Variable {
    try expectScalar(loss, caller)
    try expectFinite(loss.value.reshaped([]).number(), caller)
    return loss
  }

  private static func expectScalar(_ loss: Variable, _ caller: String) throws {
    guard loss.value.count == 1, loss.dtype.isFloating else {
      throw Failure(
        "not-scalar",
        "\(caller): the loss must be one floating number, got "
          + "\(loss.dtype.name) \(Tensor.describe(loss.shape))",
        hint: loss.value.count > 1 ? "take its mean or sum" : nil)
    }
  }

  private static func expectFinite(_ number: Double, _ caller: String) throws {
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
    watch: ((Int, Double) -> Void)? = nil
  ) throws -> [Gradient?] {
    let seed =
      result.dtype == .float64
      ? try Tensor([scale], shape: result.shape)
      : try Tensor([Float(scale)], shape: result.shape)
    return try gradients(from: result, seed: seed, wanted: wanted, watch: watch)
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
