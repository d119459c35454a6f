import Host

/// A module as a value: the result of `use "./mine.lbk"`, or a module of stdlib.
public final class ModuleObject: HostObject {
  /// The globals.
  public let slots: Slots

  init(_ slots: Slots) { self.slots = slots }

  override public var typeName: String { "module" }
  override public var summary: String { "<module \(slots.name)>" }
  /// The names it exports: all except those that begin with `_`.
  override public var memberNames: [String] { slots.names.filter { !$0.hasPrefix("_") } }
  override public func member(_ name: String) throws -> Value? {
    name.hasPrefix("_") ? nil : slots[name]
  }
  /// Adds the exported values. What they use themselves is reached through them.
  override public func addContent(to digest: inout Digest) throws -> [Value] {
    memberNames.flatMap { [Value($0), slots[$0] ?? .nil] }
  }
}
