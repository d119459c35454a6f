/// An argument that its builtin evaluates by calling it. It is invalid after the builtin returns.
class DeferredArgument: HostObject {
  /// Whether the call to which the argument belongs has returned.
  final var isOver = false

  override var typeName: String { "function" }
  override var summary: String { "<deferred argument>" }
  override var isCallable: Bool { true }
}
