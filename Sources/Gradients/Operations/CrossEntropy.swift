import Host
import Tensors

extension Variable {
  /// The mean over the batch of -log softmax(logits)[label]: logits `[n, classes]`, labels `[n]`, whole
  /// numbers from 0. Throws `shape`, `dtype`, and `labels` with the first label that is no class.
  public func crossEntropy(labels: Tensor) throws -> Variable {
    let dtype = try commonReal("cross_entropy", [self])
    guard shape.count == 2, labels.shape == [shape[0]], shape[0] > 0 else {
      throw Failure(
        "shape",
        "cross_entropy: wants logits [n, classes] and labels [n], got "
          + "\(Tensor.describe(shape)) and \(Tensor.describe(labels.shape))",
        hint: shape.count == 1 ? "one example is a batch of one: [1, classes] and [1]" : nil)
    }
    let classes = shape[1]
    let targets = try wholeNumbers(labels, "cross_entropy: labels")
    for (i, label) in targets.enumerated() where label < 0 || label >= classes {
      throw Failure(
        "labels",
        "cross_entropy: label \(label) (item \(i)) is no class of \(classes): "
          + "labels go from 0 to \(classes - 1)",
        hint: targets.min() == 1 && targets.max() == classes
          ? "these labels seem to count from 1: subtract 1" : nil)
    }
    return dtype == .float64
      ? try crossEntropy(Double.self, targets) : try crossEntropy(Float.self, targets)
  }

  private func crossEntropy<T: Real>(_: T.Type, _ targets: [Int]) throws -> Variable {
    let (x, count, classes) = (value, shape[0], shape[1])
    let normalizers = logNormalizers(T.self, x, scale: 1)
    var total = 0.0
    x.read(T.self) { x in
      for i in 0..<count { total += Double(normalizers[i] - x[i * classes + targets[i]]) }
    }
    let loss = try Tensor(scalar: T(total / Double(count)))
    return Tape.result(.crossEntropy, [self], loss) { gradient in
      let scale = gradient.read(T.self) { $0[0] } / T(count)
      var dx = try Tensor(uninitialized: x.shape, T.dtype)
      try x.read(T.self) { x in
        try dx.write(T.self) { dx in
          parallel(count, grain: rowGrain(classes)) { rows in
            for i in rows {
              let (x, dx) = (x + i * classes, dx + i * classes)
              for j in 0..<classes { dx[j] = scale * T.exp(x[j] - normalizers[i]) }
              dx[targets[i]] -= scale
            }
          }
        }
      }
      return [dx]
    }
  }
}

/// log Σ e^(scale x) of every row.
func logNormalizers<T: Real>(_: T.Type, _ x: Tensor, scale: T) -> [T] {
  let (count, classes) = (x.shape[0], x.shape[1])
  return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
    initialized = count
    guard let result = buffer.baseAddress else { return }
    x.read(T.self) { x in
      parallel(count, grain: rowGrain(classes)) { rows in
        for i in rows {
          (result + i).initialize(to: Row.logSumExp(x + i * classes, scale: scale, classes))
        }
      }
    }
  }
}

/// The elements of an integer tensor, or of a floating one that holds whole numbers.
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

extension Operation {
  static let crossEntropy = Operation(
    "cross_entropy",
    Check(
      .init("four classes", .uniform(3, 4, in: -2...2)) {
        try $0[0].crossEntropy(labels: Tensor([3, 0, 1] as [Int32], shape: [3]))
      }))
}
