import Host
import Language
import Syntax

/// What a part of a script has bound or changed, in a form from which a later run gets it without
/// running the part: a script as of a saved session. Objects that were there before are the same
/// objects afterwards, so two names of one list stay names of one list.
public struct KeptChanges: Codable, Sendable {
  /// Declares the changed variables; objects of before are `_reached[i]`.
  public let script: String
  /// The positions of the lists and maps of before whose content is that of `_content<i>`.
  private let contents: [Int]
  /// The digest of everything that the part reached, as it is afterwards.
  private let after: String

  /// The variable with the objects of before, while the script runs.
  private static let reached = "_reached"
  private static func content(_ position: Int) -> String { "_content\(position)" }

  /// Writes what has changed since a part began. `entries` are texts that declare its variables;
  /// files go to `folder`. Throws a `Failure` that says what can't be kept.
  public init(
    since before: ReachedValues, in folder: String, entries: [String], of variables: any Variables,
    on machine: any Caller, _ library: Library
  ) throws {
    let now = try ReachedValues(again: before)
    let old = before.objects
    try KeptChanges.refuseShared(now, before)
    let names = now.names.enumerated().filter { i, _ in
      i >= before.names.count || now.nameDigests[i] != before.nameDigests[i]
    }.map(\.element)
    let changed = old.indices.filter { now.objectDigests[$0] != before.objectDigests[$0] }

    var roots = names.compactMap { variables[$0] }
    for i in changed {
      switch old[i] {
      case .list(let list): roots += list.items
      case .map(let map): roots += map.entries.map(\.value)
      default: break
      }
    }
    let session = SavedSession(
      library: library, folder: folder, machine: machine, variables: variables, entries: entries)
    var writer = SessionWriter(session, SessionGraph(roots))
    for (i, value) in old.enumerated() {
      guard let identity = value.identity else { continue }
      writer.names[identity] = "\(KeptChanges.reached)[\(i)]"
    }
    for name in now.names where !names.contains(name) { writer.declared(name) }
    for name in names { writer.reserve(name, for: variables[name] ?? .nil) }
    var contents: [Int] = []
    for i in changed {
      switch old[i] {
      case .list(let list):
        try writer.declare(KeptChanges.content(i), .list(List(list.items)))
        contents.append(i)
      case .map(let map):
        try writer.declare(KeptChanges.content(i), .map(Map(map.entries)))
        contents.append(i)
      case .object(is ModelObject), .object(is OptimizerObject): try writer.update(old[i])
      default: throw Failure("unsaved", "changes \(KeptChanges.describe(old[i]))")
      }
    }
    for name in names where !writer.isDeclared(name) {
      guard let value = variables[name] else {
        throw Failure("unsaved", "leaves \(name) without a value")
      }
      do {
        try writer.declare(name, value)
      } catch let failure as Failure where failure.kind == "unsaved" {
        guard session.remake(name, value, &writer) else {
          throw Failure("unsaved", "makes \(name), \(value.brief), which can't be kept")
        }
      }
    }
    if let (name, _) = try writer.close().first {
      throw Failure("unsaved", "makes \(name), which can't be kept")
    }
    (script, self.contents, after) = (writer.text, contents, now.content.text)
  }

  /// Throws if a new object shares something with one of before in a way that a script can't
  /// express, or is a function, whose place errors show.
  private static func refuseShared(_ now: ReachedValues, _ before: ReachedValues) throws {
    for value in now.objects[before.objects.count...] {
      switch value {
      case .function(let closure)
      where closure.home.module?.isStdlib != true
        || !closure.captured.isEmpty:
        throw Failure("unsaved", "makes \(describe(value))")
      case .object(let object as ModelObject):
        let parts =
          object.layer.descendants.map { ObjectIdentifier($0) }
          + object.layer.parameters.map { ObjectIdentifier($0.parameter) }
        if parts.contains(where: { before.shared[$0] != nil }) {
          throw Failure("unsaved", "makes a model that shares layers with one of another cell")
        }
      default: break
      }
    }
  }

  private static func describe(_ value: Value) -> String {
    if case .function(let closure) = value {
      return (closure.name.map { "the function \($0)" } ?? "a function") + ", or what it captured"
    }
    return "a \(value.brief)"
  }

  /// The text that declares the variable which `restore` fills.
  private static let preparation = "let \(reached) = []\n"

  /// Binds and changes what the part has bound and changed, by running scripts with `run`. Returns
  /// false if the result is not what was kept: the run can't be continued then.
  public func restore(
    over before: ReachedValues, in slots: Slots, of globals: Globals,
    run: (_ text: String) throws -> Void
  ) throws -> Bool {
    func set(_ name: String, to value: Value) {
      if let binding = globals.bindings[name] { slots.set(binding, to: value) }
    }
    try run(KeptChanges.preparation)
    set(KeptChanges.reached, to: .list(List(before.objects)))
    try run(script)
    for i in contents {
      let name = KeptChanges.content(i)
      switch (before.objects[i], slots[name]) {
      case (.list(let list), .list(let new)?): list.items = new.items
      case (.map(let map), .map(let new)?): map.entries = new.entries
      default: return false
      }
      set(name, to: .unset)
    }
    set(KeptChanges.reached, to: .unset)
    for (name, _) in slots.variables where SessionWriter.isMade(name) { set(name, to: .unset) }
    return try ReachedValues(again: before).content.text == after
  }
}
