/// Computes with sizes that a file declares, which cannot be trusted.
enum DeclaredSize {
  /// Returns the product of the sizes of the axes and the size of an element in bytes; nil if it
  /// overflows.
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
