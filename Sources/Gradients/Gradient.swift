import Tensors

/// The gradient of a tensor: its elements, or the product that gives them. The gradient of a fully
/// connected layer's weights is as large as these, but the product of two small matrices. An
/// optimizer that computes it in parts needs no memory for it, nor writes and reads it.
public struct Gradient {
  private enum Form {
    case elements(Tensor)
    case product(WeightProduct)
    case taken
  }
  private let form: Form

  /// A gradient whose elements are known.
  public init(_ elements: Tensor) { form = .elements(elements) }

  /// What stands for a gradient that somebody has taken, until it is back.
  static let taken = Gradient(form: .taken)

  private init(form: Form) { self.form = form }

  /// The product of the gradient of a layer's output, `[n, outputs]`, transposed, and its input,
  /// `[n, inputs]`, as far as the kernel can compute it in parts; nil if it is better computed at
  /// once.
  init?(output: Tensor, input: Tensor) {
    let product = WeightProduct(output: output, input: input)
    guard let product, output.count + input.count < output.shape[1] * input.shape[1] else {
      return nil
    }
    form = .product(product)
  }

  /// The sizes of the axes.
  public var shape: [Int] {
    switch form {
    case .elements(let tensor): tensor.shape
    case .product(let product): product.shape
    case .taken: preconditionFailure("a gradient that was taken has no shape")
    }
  }

  /// The element type.
  public var dtype: DType {
    switch form {
    case .elements(let tensor): tensor.dtype
    case .product(let product): product.input.dtype
    case .taken: preconditionFailure("a gradient that was taken has no type")
    }
  }

  /// The elements. Throws `out-of-memory`.
  public func computed() throws -> Tensor {
    switch form {
    case .elements(let tensor): tensor
    case .product(let product): try product.computed()
    case .taken: preconditionFailure("a gradient that was taken has no elements")
    }
  }

  /// Allocates what `eachPart` needs. Throws `out-of-memory`.
  public func prepared() throws -> Prepared {
    switch form {
    case .elements(let tensor): Prepared(elements: tensor, product: nil)
    case .product(let product): Prepared(elements: try product.packed(), product: product)
    case .taken: preconditionFailure("a gradient that was taken has no elements")
    }
  }

  /// A gradient in float32 that can be read without an allocation that may fail.
  public struct Prepared {
    fileprivate let elements: Tensor
    fileprivate let product: WeightProduct?

    /// Calls `body` with all elements, in consecutive parts, on the thread pool: the position of a
    /// part's first element, its elements and their number.
    public func eachPart(_ body: (Int, UnsafePointer<Float>, Int) -> Void) {
      elements.read(Float.self) { elements in
        guard let product else {
          return parallel(self.elements.count, grain: 1 << 15) {
            body($0.lowerBound, elements + $0.lowerBound, $0.count)
          }
        }
        product.eachPart(elements, body)
      }
    }
  }
}

/// The gradient of a fully connected layer's weights, outputᵀ input, before it is computed.
private struct WeightProduct {
  let output: Tensor
  let input: Tensor
  var shape: [Int] { [output.shape[1], input.shape[1]] }

  /// nil if the sizes do not fill the kernel's blocks.
  init?(output: Tensor, input: Tensor) {
    guard
      DenseProduct<Float>(
        rows: input.shape[0], inputs: input.shape[1], outputs: output.shape[1]) != nil
    else { return nil }
    (self.output, self.input) = (output, input)
  }

  private func dense<T: Real>(_: T.Type) -> DenseProduct<T>? {
    DenseProduct(rows: input.shape[0], inputs: input.shape[1], outputs: output.shape[1])
  }

  func computed() throws -> Tensor {
    var result = try Tensor(uninitialized: shape, input.dtype)
    func run<T: Real>(_: T.Type) throws {
      try withElements(output.reading(T.self), input.reading(T.self), result.writing(T.self)) {
        try dense(T.self)?.weightGradient($1, $0, into: $2)
      }
    }
    if input.dtype == .float64 { try run(Double.self) } else { try run(Float.self) }
    return result
  }

  /// The input in the kernel's order.
  func packed() throws -> Tensor {
    guard let dense = dense(Float.self) else { return input }
    return try input.read(Float.self) { try dense.packed($0) }
  }

  func eachPart(_ packed: UnsafePointer<Float>, _ body: (Int, UnsafePointer<Float>, Int) -> Void) {
    output.read(Float.self) { dense(Float.self)?.eachWeightGradient(packed, $0, body) }
  }
}
