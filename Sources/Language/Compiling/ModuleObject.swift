import Host

/// A module as a value: `use "./mine.lbk"` gives one, and so does a module of stdlib.
public final class ModuleObject: HostObject {
  /// The globals.
  public let slots: Slots

  init(_ slots: Slots) { self.slots = slots }

  override public var typeName: String { "module" }
  override public var summary: String { "<module \(slots.name)>" }
  /// The names it shows: all but those that begin with `_`.
  override public var memberNames: [String] { slots.names.filter { !$0.hasPrefix("_") } }
  override public func member(_ name: String) throws -> Value? {
    name.hasPrefix("_") ? nil : slots[name]
  }
  /// What it shows; what that uses itself is reached from there.
  override public func addContent(to digest: inout Digest) throws -> [Value] {
    memberNames.flatMap { [Value($0), slots[$0] ?? .nil] }
  }
}
