import Formats
import Host
import Language
import Syntax
import Tensors

/// Writes values as statements that make them again, each thing once, after what it depends on.
///
/// A thing that several places hold, or that leads back to itself, gets a name: that of a variable that is
/// it, or `_kept1`. What leads back is put in by an assignment at the end.
struct SessionWriter {
  let session: SavedSession
  let graph: SessionGraph
  /// The script so far.
  private(set) var text = ""
  /// What a thing is called, once it is declared.
  var names: [ObjectIdentifier: String] = [:]
  /// The variable whose name a thing gets.
  private var reserved: [ObjectIdentifier: String] = [:]
  private var declared: Set<String> = []
  /// Things that are being written.
  private var open: Set<ObjectIdentifier> = []
  /// Assignments for the end: what is assigned to, with the thing that must be declared for it.
  private var later: [Later] = []
  private var made = 0
  private var files = 0
  /// The variable that is being written, which files are called after.
  private var current = ""

  /// An assignment for the end.
  private struct Later {
    let holder: ObjectIdentifier
    let write: (_ holder: String, _ value: String) -> String
    let value: Value
    let variable: String
  }

  /// Containers inside each other beyond this get a name, so that the script can be parsed; beyond
  /// `deepest` they are refused.
  private static let deep = 20
  private static let deepest = 2000

  /// Makes a writer with an empty script.
  init(_ session: SavedSession, _ graph: SessionGraph) {
    self.session = session
    self.graph = graph
  }

  /// Whether a name is one that a writer made.
  static func isMade(_ name: String) -> Bool {
    name.hasPrefix("_kept") && name.dropFirst(5).allSatisfy(\.isNumber)
  }

  /// A name that no variable has.
  mutating func newName() -> String {
    made += 1
    return "_kept\(made)"
  }

  // MARK: Statements

  /// Adds a statement.
  mutating func statement(_ line: String) { text += line + "\n" }

  /// Adds a comment, and a text below it as one.
  mutating func remark(_ line: String, _ below: String?) {
    statement("# \(line)")
    for line in below?.split(separator: "\n") ?? [] { statement("#   \(line)") }
  }

  /// Whether a variable is declared.
  func isDeclared(_ name: String) -> Bool { declared.contains(name) }

  /// Notes that a thing is a variable, whose name it gets.
  mutating func reserve(_ name: String, for value: Value) {
    if let identity = value.identity, reserved[identity] == nil { reserved[identity] = name }
  }

  /// Declares a variable. Throws `unsaved`.
  mutating func declare(_ name: String, _ value: Value) throws {
    current = name
    defer { open = [] }
    if case .object(let object as ModuleObject) = value,
      names[ObjectIdentifier(object.slots)] == nil,
      let module = object.slots.module, !module.isStdlib
    {
      names[ObjectIdentifier(object.slots)] = name
      statement("use \(Value(module.key).display(columns: 80)) as \(name)")
    } else {
      let text = try expression(value)
      if text != name { statement("let \(name) = \(text)") }
      if let identity = value.identity, names[identity] == nil { names[identity] = name }
    }
    declared.insert(name)
  }

  /// Notes that a function is declared under a name.
  mutating func declared(_ closure: Closure, as name: String) {
    names[ObjectIdentifier(closure)] = name
    declared.insert(name)
  }

  /// Puts in what leads back to what holds it. Gives what could not be.
  mutating func close() throws -> [(name: String, failure: Failure)] {
    var refused: [(name: String, failure: Failure)] = []
    var i = 0
    while i < later.count {
      let next = later[i]
      i += 1
      // What holds it was refused itself.
      guard let holder = names[next.holder] else { continue }
      do {
        current = next.variable
        statement(next.write(holder, try expression(next.value)))
      } catch let failure as Failure where failure.kind == "unsaved" {
        refused.append((next.variable, failure))
      }
    }
    return refused
  }

  // MARK: Expressions

  /// An expression that makes the value again; what it needs is declared before. Throws `unsaved`.
  mutating func expression(_ value: Value, depth: Int = 0) throws -> String {
    if let identity = value.identity, let name = names[identity] { return name }
    switch value {
    case .nil, .unset: return "nil"
    case .bool, .number: return value.printed
    case .string: return value.display(columns: 80)
    case .range(let range): return range.summary
    case .object(let builtin as Builtin): return builtin.name
    case .list(let list):
      return try container(value, depth) { writer, hold in
        var parts: [String] = []
        for (i, item) in list.items.enumerated() {
          parts.append(try hold(&writer, item) { "\($0)[\(i)] = \($1)" })
        }
        return "[" + parts.joined(separator: ", ") + "]"
      }
    case .map(let map):
      return try container(value, depth) { writer, hold in
        var parts: [String] = []
        for (key, item) in map.entries {
          let index = key.value.display(columns: 80)
          let item = try hold(&writer, item) { "\($0)[\(index)] = \($1)" }
          parts.append("\(SessionWriter.key(key)): \(item)")
        }
        return "{" + parts.joined(separator: ", ") + "}"
      }
    case .function(let closure): return try function(closure, depth)
    case .object(let object as TensorObject):
      let path = newPath("npy")
      try session.library.host.write(NPY.encode(object.tensor), to: path)
      return assigned(value, "read(\(Value(path).display(columns: 80)))")
    case .object(let object as ModelObject): return try model(object.layer)
    case .object(let object as OptimizerObject): return try optimizer(object.optimizer, depth)
    case .object(let object as ModuleObject): return try moduleName(object.slots)
    case .object(let object):
      throw Failure("unsaved", "a \(object.typeName), is made again by what made it")
    }
  }

  /// How a map writes a key.
  private static func key(_ key: Map.Key) -> String {
    if case .string(let text) = key, Lexer.isIdentifier(text) { return text }
    return "(\(key.value.display(columns: 80)))"
  }

  /// Writes what one part of a container holds, or `nil` and, at the end, an assignment.
  private typealias Hold = (
    _ writer: inout SessionWriter, _ part: Value,
    _ assignment: @escaping (_ holder: String, _ value: String) -> String
  ) throws -> String

  /// A list or map, which gets a name where several places hold it or it leads back to itself.
  private mutating func container(
    _ value: Value, _ depth: Int, _ write: (inout SessionWriter, Hold) throws -> String
  ) throws -> String {
    guard depth < SessionWriter.deepest else {
      throw Failure("unsaved", "it nests deeper than \(SessionWriter.deepest) levels")
    }
    guard let identity = value.identity else { return "nil" }
    open.insert(identity)
    defer { open.remove(identity) }
    let before = later.count
    let text = try write(&self) { writer, part, assignment in
      if writer.isOpen(part) {
        writer.put(part, into: identity, assignment)
        return "nil"
      }
      return try writer.expression(part, depth: depth + 1)
    }
    let leadsBack = later[before...].contains { $0.holder == identity }
    return assigned(value, text, always: leadsBack || depth % SessionWriter.deep == 19)
  }

  /// Whether a thing is being written, so that it can't be named yet.
  func isOpen(_ value: Value) -> Bool { value.identity.map { open.contains($0) } ?? false }

  /// Notes that things are being written, or no longer.
  mutating func setOpen(_ things: [ObjectIdentifier], _ isOpen: Bool) {
    if isOpen { open.formUnion(things) } else { open.subtract(things) }
  }

  /// Assigns a value at the end, to what is then called by the holder's name.
  mutating func put(
    _ value: Value, into holder: ObjectIdentifier,
    _ assignment: @escaping (_ holder: String, _ value: String) -> String
  ) {
    later.append(Later(holder: holder, write: assignment, value: value, variable: current))
  }

  /// The text of a thing, or its name where it has or needs one: it is then declared.
  mutating func assigned(_ value: Value, _ text: String, always: Bool = false) -> String {
    guard let identity = value.identity else { return text }
    let name = reserved[identity]
    guard name != nil || always || graph.isShared(identity) else { return text }
    let own = name ?? newName()
    statement("let \(own) = \(text)")
    names[identity] = own
    return own
  }

  /// A path in the folder, absolute, that no other value has.
  mutating func newPath(_ ending: String) -> String {
    files += 1
    let folder = session.folder
    let base = folder.hasPrefix("/") ? folder : "\(session.library.host.workingFolder)/\(folder)"
    return "\(base)/\(current)-\(files).\(ending)"
  }
}
