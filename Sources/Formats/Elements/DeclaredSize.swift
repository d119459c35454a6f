/// Sizes that a file declares, which may be anything.
enum DeclaredSize {
  /// The product of the sizes of axes, and of the bytes of an element; nil where it overflows.
  static func product(_ sizes: [Int], elementSize: Int = 1) -> Int? {
    var product = elementSize
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }
}
