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
    /// Whether ranks send each other gradients as numbers of 16 bits.
    let compresses: Bool
    /// Selects the parameters to record.
    let watches: (Parameter) -> Bool
    /// The parameters, asked for after the loss, as layers get their sizes in their first call.
    let parameters: () throws -> [NamedParameter]

    /// Describes a training step.
    public init(
      caller: String, layers: Set<ObjectIdentifier>, compresses: Bool = false,
      watching watches: @escaping (Parameter) -> Bool,
      parameters: @escaping () throws -> [NamedParameter]
    ) {
      (self.caller, self.layers, self.compresses) = (caller, layers, compresses)
      (self.watches, self.parameters) = (watches, parameters)
    }
  }

  /// Evaluates a loss and its gradients for a training step. `loss` gives the loss and other numbers to report. With
  /// `parts` it is called for each of this rank's parts of the batch, with its position among these, on another
  /// thread if they take turns; otherwise once, for the batch or this rank's part of it. `commit` receives the
  /// result of the whole batch.
  /// Requests to stop or park are answered before `commit`, also inside code that postpones them, and not while anything
  /// is changed. Throws `not-scalar`, `not-finite`, `no-gradient`, `parts`.
  public static func step(
    _ training: Training, over parts: BatchParts? = nil, _ loss: (Int) throws -> [Variable],
    commit: (StepGradients) throws -> Void
  ) throws -> StepGradients {
    let (step, updates) = try WorkingThread.postponing(false) {
      guard let parts else {
        let division = Division.current
        let sender = division?.ranks.map { ranks in
          let tree = PartTree(parts: ranks.count, ranks: ranks.count)
          return PieceSender(
            training, over: ranks, by: tree, after: PartSum(tree), ranks.rank..<ranks.rank + 1)
        }
        return try Piece.whole(training, division, sender) { try loss(0) }
      }
      if parts.isSynchronised { return try together(training, parts, loss) }
      var sum = PartSum<Piece>(parts.tree)
      func sender(_ part: Range<Int>?) -> PieceSender? {
        parts.ranks.map {
          PieceSender(training, over: $0, by: parts.tree, after: sum, part)
        }
      }
      for (i, (number, division)) in parts.own.enumerated() {
        let part = number..<number + 1
        if i == parts.own.count - 1, let sender = sender(part) {
          sum = PartSum(parts.tree)
          return try Piece.whole(training, division, sender) { try loss(i) }
        }
        let piece = try Piece(training, division, nil) { try loss(i) }
        try sum.add(part, piece) { try $0.add($1) }
      }
      if let empty = parts.empty {
        return try Piece.whole(training, empty, sender(nil)) { try loss(0) }
      }
      guard let whole = sum.nodes.first?.value else { throw GradientSum.difference }
      return whole.step()
    }
    try WorkingThread.postponing {
      try commit(step)
      for update in updates { try update() }
    }
    return step
  }

  /// What is computed of parts that ask for the whole batch, and then summed. The ranks may have different numbers of
  /// parts, so gradients are sent only when all are there.
  private static func together(
    _ training: Training, _ parts: BatchParts, _ loss: (Int) throws -> [Variable]
  ) throws -> (StepGradients, [() throws -> Void]) {
    var sum = PartSum<Piece>(parts.tree)
    var last: Piece?
    try parts.compute { i, division in
      let piece = try Piece(training, division, nil) { try loss(i) }
      if parts.ranks != nil, i >= parts.own.count - 1 {
        last = piece
      } else {
        let part = parts.own[i].part
        try sum.add(part..<part + 1, piece) { try $0.add($1) }
      }
    }
    if let last, let ranks = parts.ranks {
      let part = parts.own.last.map { $0.part..<$0.part + 1 }
      let sender = PieceSender(training, over: ranks, by: parts.tree, after: sum, part)
      sum = PartSum(parts.tree)
      return try Piece.whole(training.caller, sender) {
        var last = last
        try last.send(by: sender, in: PieceSender.order(of: training.parameters()))
        return last
      }
    }
    guard let whole = sum.nodes.first?.value else { throw GradientSum.difference }
    return whole.step()
  }
}

/// What is computed of a part of a batch, weighted by its share.
struct Piece {
  private(set) var numbers: [Double]
  let keys: [NamedParameter]
  private(set) var gradients: [Gradient]
  /// Statistics of a part that has its own; layers take the means over the batch.
  private(set) var statistics: [Tensor] = []
  /// What is called when the step is certain.
  private let updates: [Tape.Update]

  /// Computes the last part of this rank, or its part, or the batch, and with a `sender` the sums over all ranks.
  static func whole(
    _ training: Tape.Training, _ division: Division?, _ sender: PieceSender?,
    _ loss: () throws -> [Variable]
  ) throws -> (StepGradients, [() throws -> Void]) {
    try whole(training.caller, sender) { try Piece(training, division, sender, loss) }
  }

  /// The same of a piece whose gradients have been sent.
  static func whole(
    _ caller: String, _ sender: PieceSender?, _ compute: () throws -> Piece
  ) throws -> (StepGradients, [() throws -> Void]) {
    do {
      var whole = try compute()
      if let sender {
        let (numbers, gradients, statistics, isFinite) = try sender.finish(whole)
        (whole.numbers, whole.gradients, whole.statistics) = (numbers, gradients, statistics)
        // A sum is NaN if one of the losses is, so that all ranks see it.
        try Tape.expectFinite(numbers[0], caller)
        guard isFinite else {
          throw Failure(
            "not-finite", "\(caller): a gradient is not finite",
            hint: "a smaller learning rate may help; nothing was changed")
        }
      }
      return whole.step()
    } catch {
      sender?.abandon(error)
      throw error
    }
  }

  /// Computes a part, or with nil a batch. Gradients that a sender takes are left empty.
  init(
    _ training: Tape.Training, _ division: Division?, _ sender: PieceSender?,
    _ loss: () throws -> [Variable]
  ) throws {
    let isApart = division?.isApart ?? false
    if isApart { division?.begin() }
    defer { if isApart { division?.end() } }
    self = try withExtendedLifetime(division) {
      try Tape.record(training: training.layers, holdsUpdates: true, watching: training.watches) {
        try Piece($0, training, division, sender, loss())
      }
    }
  }

  private init(
    _ tape: Tape, _ training: Tape.Training, _ division: Division?, _ sender: PieceSender?,
    _ results: [Variable]
  ) throws {
    for result in results { try Tape.expectScalar(result, training.caller) }
    let share = division?.share ?? 1
    // An empty part does not count, whatever it gives.
    let numbers = try results.map { share == 0 ? 0 : try $0.value.reshaped([]).number() * share }
    if division?.ranks == nil { try Tape.expectFinite(numbers[0], training.caller) }
    self.numbers = numbers
    let parameters = try training.parameters()
    let found = try tape.gradients(
      of: results[0], at: parameters, scale: share, training.caller,
      ready: sender.map { sender in
        let order = PieceSender.order(of: parameters)
        return { try sender.send($0, &$1, numbers, in: order) }
      })
    (keys, gradients) = (found.map(\.key), found.map(\.gradient))
    updates = tape.takeUpdates()
    if division?.hasOwnStatistics ?? false {
      statistics = try updates.flatMap(\.statistics).map { try Tensor.apply(.multiply, $0, share) }
    }
  }

  /// Adds another part of the batch.
  mutating func add(_ other: Piece) throws {
    guard numbers.count == other.numbers.count,
      statistics.count == other.statistics.count,
      keys.elementsEqual(other.keys, by: { $0.parameter === $1.parameter })
    else { throw GradientSum.difference }
    for i in numbers.indices { numbers[i] += other.numbers[i] }
    for i in gradients.indices {
      var sum = try gradients[i].computed()
      // Nothing else holds it then, so that it is changed in place.
      gradients[i] = .taken
      try GradientSum.add(&sum, other.gradients[i].computed())
      gradients[i] = Gradient(sum)
    }
    for i in statistics.indices { try GradientSum.add(&statistics[i], other.statistics[i]) }
  }

  /// Sends the gradients, which are used up.
  mutating func send(
    by sender: PieceSender, in order: [ObjectIdentifier: Int]
  ) throws {
    for (i, key) in keys.enumerated() {
      var gradient: Gradient? = gradients[i]
      gradients[i] = .taken
      try sender.send(key, &gradient, numbers, in: order)
    }
  }

  /// What is left when its tensors are used up.
  func emptied() -> Piece {
    var piece = self
    (piece.gradients, piece.statistics) = ([], [])
    return piece
  }

  /// The step by the sums over the whole batch.
  func step() -> (StepGradients, [() throws -> Void]) {
    var rest = statistics[...]
    let updates = updates.map { update in
      var statistics = update.statistics
      if !rest.isEmpty {
        statistics = Array(rest.prefix(statistics.count))
        rest = rest.dropFirst(statistics.count)
      }
      return { try update.change(statistics) }
    }
    return (StepGradients(numbers: numbers, gradients: Array(zip(keys, gradients))), updates)
  }
}
