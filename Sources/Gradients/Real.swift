import Tensors

/// The element types that support gradients: float32 and, for the gradient checks, float64.
typealias Real = FloatElement

/// The number of elements that justifies a separate part in a parallel loop.
let elementGrain = 1 << 14
