/// A differentiable operation: its name in error messages, and its check against finite
/// differences. Every recorded operation must have one.
public struct TapeOperation: Sendable {
  /// The name.
  public let name: String
  /// Its check.
  public let check: GradientCheck

  init(_ name: String, _ check: GradientCheck) {
    self.name = name
    self.check = check
  }
}
