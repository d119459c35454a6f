import Host
import Tensors

extension Variable {
  /// `x wᵀ + b`: rows `[n, in]`, weights `[out, in]`, bias `[out]`; with `relu`, max(0, y). Throws
  /// `shape`.
  public func linear(_ weights: Variable, bias: Variable? = nil, relu: Bool = false) throws
    -> Variable
  {
    let dtype = try commonReal("dense", [self, weights] + (bias.map { [$0] } ?? []))
    guard shape.count == 2, weights.shape.count == 2, shape[1] == weights.shape[1] else {
      throw Failure(
        "shape",
        "dense: weights \(Tensor.describe(weights.shape)) take rows "
          + "[n, \(weights.shape.last ?? 0)], got \(Tensor.describe(shape))",
        hint: shape.count > 2 ? "flatten the images before" : nil)
    }
    if let bias, bias.shape != [weights.shape[0]] {
      throw Failure(
        "shape",
        "dense: the bias must be [\(weights.shape[0])], got \(Tensor.describe(bias.shape))")
    }
    try Interrupt.check()
    return dtype == .float64
      ? try linear(Double.self, weights, bias, relu) : try linear(Float.self, weights, bias, relu)
  }

  private func linear<T: Real>(
    _: T.Type, _ weights: Variable, _ bias: Variable?, _ relu: Bool
  ) throws -> Variable {
    let (x, w) = (value, weights.value)
    let (rows, inputs, outputs) = (x.shape[0], x.shape[1], w.shape[0])
    let wants = (x: isTracked, w: weights.isTracked, bias: bias?.isTracked ?? false)
    let dense = DenseProduct<T>(rows: rows, inputs: inputs, outputs: outputs)
    var y = try Tensor(uninitialized: [rows, outputs], T.dtype)
    try withElements(
      x.reading(T.self), w.reading(T.self), (bias?.value).reading(T.self), y.writing(T.self)
    ) { x, w, bias, y in
      if let dense { return try dense.forward(x, w, bias: bias, relu: relu, into: y) }
      try BLAS.parallelGemm(
        transB: true, rows, outputs, inputs, x, lda: inputs, w, ldb: inputs, y, ldc: outputs)
      if bias == nil && !relu { return }
      parallel(rows, grain: max(elementGrain / max(outputs, 1), 1)) { range in
        for row in range {
          let y = y + row * outputs
          if let bias { for i in 0..<outputs { y[i] += bias[i] } }
          if relu { for i in 0..<outputs { y[i] = .relu(y[i]) } }
        }
      }
    }
    let output = relu ? y : nil
    let operands = [self, weights] + (bias.map { [$0] } ?? [])
    return Tape.result(.linear, operands, y) { (gradient: inout Tensor) throws -> [Gradient?] in
      if let output { try gradient.keep(where: output, below: .infinity) }
      var (dx, dw): (Tensor?, Gradient?)
      if wants.x {
        dx = try product(T.self, gradient, w, rows, inputs) { g, w, dx in
          if let dense { return try dense.inputGradient(g, w, into: dx) }
          try BLAS.parallelGemm(
            rows, inputs, outputs, g, lda: outputs, w, ldb: inputs, dx, ldc: inputs)
        }
      }
      if wants.w {
        dw =
          try Gradient(output: gradient, input: x)
          ?? Gradient(
            product(T.self, gradient, x, outputs, inputs) { g, x, dw in
              if let dense { return try dense.weightGradient(x, g, into: dw) }
              try BLAS.parallelGemm(
                transA: true, outputs, inputs, rows, g, lda: outputs, x, ldb: inputs, dw,
                ldc: inputs)
            })
      }
      let db = wants.bias ? try columnSums(T.self, gradient, rows, outputs) : nil
      return [dx.map { Gradient($0) }, dw, db.map { Gradient($0) }]
    }
  }
}

/// A new `[m, n]` tensor that `body` computes from two tensors.
private func product<T: Real>(
  _: T.Type, _ a: Tensor, _ b: Tensor, _ m: Int, _ n: Int,
  _ body: (UnsafePointer<T>, UnsafePointer<T>, UnsafeMutablePointer<T>) throws -> Void
) throws -> Tensor {
  var c = try Tensor(uninitialized: [m, n], T.dtype)
  try withElements(a.reading(T.self), b.reading(T.self), c.writing(T.self), body: body)
  return c
}

/// The sum of every column of a `[rows, columns]` matrix.
private func columnSums<T: Real>(_: T.Type, _ x: Tensor, _ rows: Int, _ columns: Int) throws
  -> Tensor
{
  var sums = try Tensor(zeros: [columns], T.dtype)
  try withElements(x.reading(T.self), sums.writing(T.self)) { x, sums in
    for row in 0..<rows {
      let x = x + row * columns
      for i in 0..<columns { sums[i] += x[i] }
    }
  }
  return sums
}

extension TapeOperation {
  static let linear = TapeOperation(
    "linear",
    GradientCheck(
      .init("rows", .uniform(4, 3), .uniform(5, 3), .uniform(5)) {
        try $0[0].linear($0[1], bias: $0[2])
      },
      .init("whole blocks", .uniform(8, 32), .uniform(16, 32), .uniform(16)) {
        try $0[0].linear($0[1], bias: $0[2])
      },
      .init("more than a block of rows", .uniform(24, 16), .uniform(16, 16)) {
        try $0[0].linear($0[1])
      },
      .init("weights that are computed", .uniform(8, 32), .uniform(16, 32)) {
        try $0[0].linear($0[1] * $0[1])
      },
      .init("weights used twice", .uniform(8, 32), .uniform(32, 32)) {
        try $0[0].linear($0[1]).linear($0[1])
      },
      .init("without bias", .uniform(4, 3), .uniform(1, 3)) { try $0[0].linear($0[1]) },
      .init("relu", .uniform(4, 3), .uniform(5, 3), .uniform(5)) {
        try $0[0].linear($0[1], bias: $0[2], relu: true)
      }))
}
