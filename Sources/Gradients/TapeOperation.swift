/// One differentiable operation: its name, as errors say it, and its own check against finite
/// differences. Nothing can be recorded without one.
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
