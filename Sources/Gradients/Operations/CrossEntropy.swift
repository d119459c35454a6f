import Host
import Tensors

extension Variable {
  /// The mean over the batch of -log softmax(logits)[label], or what else `options` make of it, with
  /// logits `[n, classes]` and integer labels `[n]` from 0; weighted and smoothed. Throws `shape`, `dtype`,
  /// `argument`, and `labels` with the first label that is not a class.
  public func crossEntropy(labels: Tensor, _ options: CrossEntropyOptions = .init()) throws
    -> Variable
  {
    let dtype = try commonReal("cross_entropy", [self])
    guard shape.count == 2, labels.shape == [shape[0]], shape[0] > 0 else {
      throw Failure(
        "shape",
        "cross_entropy: expected logits [n, classes] and labels [n], got "
          + "\(Tensor.describe(shape)) and \(Tensor.describe(labels.shape))",
        hint: shape.count == 1 ? "one example is a batch of one: [1, classes] and [1]" : nil)
    }
    let classes = shape[1]
    let targets = try wholeNumbers(labels, "cross_entropy: labels")
    for (i, label) in targets.enumerated() where label < 0 || label >= classes {
      throw Failure(
        "labels",
        "cross_entropy: label \(label) (item \(i)) is not a class of \(classes): "
          + "labels go from 0 to \(classes - 1)",
        hint: targets.min() == 1 && targets.max() == classes
          ? "these labels seem to count from 1: subtract 1" : nil)
    }
    let wanted = try options.targets(targets, classes: classes)
    let isWhole = options.reduction != .none
    return dtype == .float64
      ? try crossEntropy(Double.self, wanted, isWhole)
      : try crossEntropy(Float.self, wanted, isWhole)
  }

  /// The losses of the records, or their sum.
  private func crossEntropy<T: Real>(_: T.Type, _ targets: WeightedTargets, _ isWhole: Bool) throws
    -> Variable
  {
    let (x, count, classes) = (value, shape[0], shape[1])
    var losses = [Double](repeating: 0, count: count)
    try x.read(T.self) { x in
      try losses.withUnsafeMutableBufferPointer { buffer in
        guard let losses = buffer.baseAddress else { return }
        try eachRow(count, width: classes) { i, memory in
          let x = x + i * classes
          let row = SoftmaxRow(x, classes, memory: memory)
          losses[i] = targets.loss(i) { row.surprise(Double(x[$0])) }
        }
      }
    }
    let loss =
      isWhole
      ? try Tensor(scalar: T(losses.reduce(0, +)))
      : try Tensor(losses.map { T($0) }, shape: [count])
    return Tape.result(.crossEntropy, [self], loss) { gradient in
      let scales = gradient.array(T.self)
      var dx = try Tensor(uninitialized: x.shape, T.dtype)
      try withElements(x.reading(T.self), dx.writing(T.self)) { x, dx in
        try eachRow(count, width: classes) { i, memory in
          let row = SoftmaxRow(x + i * classes, classes, memory: memory)
          targets.gradient(i, row, Double(scales[isWhole ? 0 : i]), into: dx + i * classes)
        }
      }
      return [dx]
    }
  }
}

extension Variable {
  /// The mean over the batch of -Σ t log softmax(logits), or what else `options` make of it, with logits and
  /// target distributions t `[n, classes]`. As in PyTorch, class weights multiply the targets, and do
  /// not change what a mean is divided by. Throws `shape`, `dtype`, `argument`.
  public func crossEntropy(targets: Variable, _ options: CrossEntropyOptions = .init()) throws
    -> Variable
  {
    guard shape.count == 2, shape == targets.shape, shape[0] > 0 else {
      throw Failure(
        "shape",
        "cross_entropy: expected logits and targets [n, classes] of one shape, got "
          + "\(Tensor.describe(shape)) and \(Tensor.describe(targets.shape))")
    }
    let (count, classes, smoothing) = (shape[0], shape[1], options.labelSmoothing)
    var wanted = try targets.cast(to: dtype)
    if smoothing > 0 {
      wanted = try .apply(
        .add, .apply(.multiply, wanted, 1 - smoothing), smoothing / Double(classes))
    }
    func row(_ numbers: [Double]) throws -> Variable {
      Variable(try Tensor(numbers, shape: [numbers.count]).cast(to: dtype))
    }
    if let weights = try options.numbers(options.classWeights, "class_weights", classes, "classes")
    {
      wanted = try wanted * row(weights)
    }
    // A target of 0 contributes 0 rather than 0 times infinity.
    let terms = try wanted * logSoftmax()
    let none = try Tensor.apply(.equal, wanted.value, 0)
    let zero = Variable(try Tensor(zeros: [], terms.dtype))
    let losses = try Variable.apply(
      .subtract, 0, .choose(none, zero, terms).sum(axes: [1]))
    guard let weights = try options.numbers(options.weights, "weights", count, "records") else {
      return try options.reduction.applied(to: losses)
    }
    let weighted = try losses * row(weights)
    guard options.reduction == .mean else { return try options.reduction.applied(to: weighted) }
    let total = weights.reduce(0, +)
    guard total > 0 else {
      throw Failure("argument", "cross_entropy: the weights of these \(count) records are all 0")
    }
    return try .apply(.divide, weighted.sum(), total)
  }
}

/// The elements of an integer tensor, or of a floating-point tensor with integral values.
func wholeNumbers(_ tensor: Tensor, _ what: String) throws -> [Int] {
  func wrong(_ x: Double) -> Failure {
    Failure("dtype", "\(what) must be whole numbers, got \(x)")
  }
  switch tensor.dtype {
  case .int32: return tensor.array(Int32.self).map(Int.init)
  case .uint8: return tensor.array(UInt8.self).map(Int.init)
  case .bool: return tensor.array(Bool.self).map { $0 ? 1 : 0 }
  case .float32:
    return try tensor.array(Float.self).map {
      guard let i = Int(exactly: $0) else { throw wrong(Double($0)) }
      return i
    }
  case .float64:
    return try tensor.array(Double.self).map {
      guard let i = Int(exactly: $0) else { throw wrong($0) }
      return i
    }
  }
}

extension TapeOperation {
  static let crossEntropy = TapeOperation(
    "cross_entropy",
    GradientCheck(
      .init("four classes", .uniform(3, 4, in: -2...2)) {
        try $0[0].crossEntropy(labels: Tensor([3, 0, 1] as [Int32], shape: [3]))
      },
      .init("of each record", .uniform(3, 4, in: -2...2)) {
        try $0[0].crossEntropy(
          labels: Tensor([3, 0, 1] as [Int32], shape: [3]), CrossEntropyOptions(reduction: .none))
      },
      .init("soft targets", .uniform(3, 4, in: -2...2), .uniform(3, 4, in: 0...1)) {
        try $0[0].crossEntropy(
          targets: $0[1], CrossEntropyOptions(labelSmoothing: 0.3, reduction: .none))
      },
      .init("smoothed and weighted", .uniform(3, 4, in: -2...2)) {
        try $0[0].crossEntropy(
          labels: Tensor([3, 0, 1] as [Int32], shape: [3]),
          CrossEntropyOptions(
            labelSmoothing: 0.3, classWeights: Tensor([0.5, 2, 0, 1.5], shape: [4]),
            weights: Tensor([1, 0.25, 3], shape: [3])))
      }))
}
