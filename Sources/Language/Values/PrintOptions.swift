import Host

/// How much of a value is printed. Each run has its own options.
public struct PrintOptions: Sendable {
  /// A tensor with more elements is printed with only the ends of each axis.
  public var threshold = 1000
  /// A list or map with more items is printed with only its ends.
  public var items = 200
  /// The number of elements or items at each end.
  public var edgeitems = 3
  /// The maximum number of digits after the decimal point.
  public var precision = 4

  /// The defaults.
  public init() {}

  private static let local = RunLocal(PrintOptions())
  /// The options of the run that the calling thread works for.
  public static var current: PrintOptions {
    get { local.value }
    set { local.value = newValue }
  }
}
