/// One differentiable operation: its name, as errors say it, and its own check against finite
/// differences. Nothing can be recorded without one.
public struct Operation: Sendable {
  /// The name.
  public let name: String
  /// Its check.
  public let check: Check

  init(_ name: String, _ check: Check) {
    self.name = name
    self.check = check
  }
}
