import Tensors

/// The element types that gradients are taken in: float32 and, for the checks, float64.
typealias Real = FloatElement

/// Elements that are worth a part of their own in a loop over elements.
let elementGrain = 1 << 14
