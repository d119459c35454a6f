import Host
import Ranks
import Tensors

/// What a training step goes by: the means over the whole batch of what the loss function gives, and the gradients of
/// the first of these.
public struct StepGradients {
  /// The loss, and the other numbers that the function has reported.
  public let numbers: [Double]
  /// The gradients at the parameters that the loss uses.
  public let gradients: [(key: NamedParameter, gradient: Gradient)]
}

extension Tape {
  /// What a training step is a step of.
  public struct Training {
    /// The prefix of error messages.
    let caller: String
    /// The layers in training mode. Their updates are deferred until the step is certain.
    let layers: Set<ObjectIdentifier>
    /// Selects the parameters to record.
    let watches: (Parameter) -> Bool
    /// The parameters, asked for after the loss, as layers get their sizes in their first call.
    let parameters: () throws -> [NamedParameter]

    /// Describes a training step.
    public init(
      caller: String, layers: Set<ObjectIdentifier>,
      watching watches: @escaping (Parameter) -> Bool,
      parameters: @escaping () throws -> [NamedParameter]
    ) {
      (self.caller, self.layers, self.watches, self.parameters) = (
        caller, layers, watches, parameters
      )
    }
  }

  /// Evaluates a loss and its gradients for a training step. `loss` gives the loss and other numbers to report. With
  /// `parts` it is called for each of this rank's parts of the batch, one after another, with its position among these;
  /// otherwise once, for the batch or this rank's part of it. `commit` receives the result of the whole batch.
  /// Requests to stop or park are answered before `commit`, also inside code that postpones them, and not while anything
  /// is changed. Throws `not-scalar`, `not-finite`, `no-gradient`, `parts`.
  public static func step(
    _ training: Training, over parts: BatchParts? = nil, _ loss: (Int) throws -> [Variable],
    commit: (StepGradients) throws -> Void
  ) throws -> StepGradients {
    let (step, updates) = try WorkingThread.postponing(false) {
      guard let parts else {
        let division = Division.current
        var nodes = [try Piece(training, division) { try loss(0) }]
        let count = division?.ranks?.count ?? 1
        return try Piece.whole(
          &nodes, training, over: division?.ranks, by: PartTree(parts: count, ranks: count))
      }
      var sum = PartSum<Piece>(parts.tree)
      for (i, (part, division)) in parts.own.enumerated() {
        let piece = try Piece(training, division) { try loss(i) }
        try sum.add(part..<part + 1, piece) { try $0.add($1) }
      }
      var nodes = sum.nodes.map(\.value)
      sum = PartSum(parts.tree)
      let empty = try parts.empty.map { empty in try Piece(training, empty) { try loss(0) } }
      return try Piece.whole(
        &nodes, else: empty, training, over: parts.ranks, by: parts.tree)
    }
    try WorkingThread.postponing {
      try commit(step)
      for update in updates { try update() }
    }
    return step
  }
}

/// What is computed of a part of a batch, weighted by its share.
private struct Piece {
  private var numbers: [Double]
  private let keys: [NamedParameter]
  private var gradients: [Gradient]
  /// Statistics of a part that is computed apart from the others; layers take those of the batch.
  private var statistics: [Tensor] = []
  /// What is called when the step is certain.
  private let updates: [Tape.Update]

  /// Computes a part, or with nil a batch.
  init(_ training: Tape.Training, _ division: Division?, _ loss: () throws -> [Variable]) throws {
    let isApart = division?.isApart ?? false
    if isApart { division?.begin() }
    defer { if isApart { division?.end() } }
    self = try withExtendedLifetime(division) {
      try Tape.record(training: training.layers, holdsUpdates: true, watching: training.watches) {
        try Piece($0, training, division, loss())
      }
    }
  }

  private init(
    _ tape: Tape, _ training: Tape.Training, _ division: Division?, _ results: [Variable]
  ) throws {
    for result in results { try Tape.expectScalar(result, training.caller) }
    let share = division?.share ?? 1
    // An empty part does not count, whatever it gives.
    numbers = try results.map { share == 0 ? 0 : try $0.value.reshaped([]).number() * share }
    if division?.ranks == nil { try Tape.expectFinite(numbers[0], training.caller) }
    let found = try tape.gradients(
      of: results[0], at: training.parameters(), scale: share, training.caller)
    (keys, gradients) = (found.map(\.key), found.map(\.gradient))
    updates = tape.takeUpdates()
    if division?.isApart ?? false {
      statistics = try updates.flatMap(\.statistics).map { try Tensor.apply(.multiply, $0, share) }
    }
  }

  /// The tensors that are added.
  private func tensors() throws -> [Tensor] { try gradients.map { try $0.computed() } + statistics }

  private mutating func take(_ tensors: [Tensor]) {
    gradients = tensors.prefix(keys.count).map { Gradient($0) }
    statistics = Array(tensors.dropFirst(keys.count))
  }

  /// Adds another part of the batch.
  mutating func add(_ other: Piece) throws {
    guard numbers.count == other.numbers.count,
      keys.elementsEqual(other.keys, by: { $0.parameter === $1.parameter })
    else { throw GradientSum.difference }
    for i in numbers.indices { numbers[i] += other.numbers[i] }
    var sums = try tensors()
    // Nothing else holds them then, so that they are changed in place.
    (gradients, statistics) = ([], [])
    try GradientSum.add(&sums, other.tensors())
    take(sums)
  }

  /// The whole batch, from this rank's sums over its parts, or from an `empty` part if it has none.
  static func whole(
    _ nodes: inout [Piece], else empty: Piece? = nil, _ training: Tape.Training, over ranks: Ranks?,
    by tree: PartTree
  ) throws -> (StepGradients, [() throws -> Void]) {
    guard var whole = nodes.first ?? empty else { throw GradientSum.difference }
    if let ranks {
      // A sum is NaN if one of the losses is, so that all ranks see it.
      let (flat, count) = (nodes.flatMap(\.numbers), whole.numbers.count)
      try flat.withUnsafeBufferPointer { flat in
        let numbers = nodes.indices.compactMap { i in flat.baseAddress.map { $0 + i * count } }
        try whole.numbers.withUnsafeMutableBufferPointer {
          try ranks.sum(training.caller, $0, of: numbers, by: tree)
        }
      }
      try Tape.expectFinite(whole.numbers[0], training.caller)
      let forms =
        whole.gradients.map { GradientSum.Form(shape: $0.shape, dtype: $0.dtype) }
        + whole.statistics.map { GradientSum.Form(shape: $0.shape, dtype: $0.dtype) }
      var tensors = try nodes.map { try $0.tensors() }
      nodes = []
      (whole.gradients, whole.statistics) = ([], [])
      whole.take(try GradientSum.whole(&tensors, forms, over: ranks, by: tree))
    }
    var rest = whole.statistics[...]
    let updates = whole.updates.map { update in
      var statistics = update.statistics
      if !rest.isEmpty {
        statistics = Array(rest.prefix(statistics.count))
        rest = rest.dropFirst(statistics.count)
      }
      return { try update.change(statistics) }
    }
    let step = StepGradients(
      numbers: whole.numbers, gradients: Array(zip(whole.keys, whole.gradients)))
    return (step, updates)
  }
}
