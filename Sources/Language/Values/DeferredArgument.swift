/// An argument that its builtin evaluates, by calling it. It is over when the builtin returns.
class DeferredArgument: HostObject {
  /// Whether the call it is an argument of has returned.
  final var isOver = false

  override var typeName: String { "function" }
  override var summary: String { "<deferred argument>" }
  override var isCallable: Bool { true }
}
