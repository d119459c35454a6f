import Host

/// How much of a value is printed. Each run has its own.
public struct PrintOptions: Sendable {
  /// Of a tensor with more elements only the ends of each axis are printed.
  public var threshold = 1000
  /// Of a list or map with more items only the ends are printed.
  public var items = 200
  /// How many elements and items an end has.
  public var edgeitems = 3
  /// The digits after the point at most.
  public var precision = 4

  /// The defaults.
  public init() {}

  private static let local = RunLocal(PrintOptions())
  /// Those of the run that the calling thread works for.
  public static var current: PrintOptions {
    get { local.value }
    set { local.value = newValue }
  }
}
