/// A function of one element. It is a type rather than a closure, so that loops are specialised for
/// it: the optimizer does not inline a closure that is captured by another thread's closure.
protocol Function1 {
  associatedtype Input: Element
  associatedtype Output: Element
  func callAsFunction(_ x: Input) -> Output
}

/// A function of two elements of the same type.
protocol Function2 {
  associatedtype Input: Element
  associatedtype Output: Element
  func callAsFunction(_ x: Input, _ y: Input) -> Output
}
