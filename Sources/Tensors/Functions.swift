/// A function of one element. A type and not a closure, so that a loop over it is compiled for it: the
/// optimizer does not look into a closure that another thread's closure captures.
protocol Function1 {
  associatedtype Input: Element
  associatedtype Output: Element
  func callAsFunction(_ x: Input) -> Output
}

/// A function of two elements of one type.
protocol Function2 {
  associatedtype Input: Element
  associatedtype Output: Element
  func callAsFunction(_ x: Input, _ y: Input) -> Output
}
