/// A function's or a file's compiled form.
final class Code {
  /// The function's name; nil for a short function without one and for a file.
  let name: String?
  /// Where its text is.
  let source: Source
  let slots: Slots
  /// The function as written; nil for a file.
  let literal: FunctionLiteral?
  /// The names of the parameters, and how many of them have no default.
  let parameters: [String]
  let required: Int
  /// How many registers it needs.
  let registers: Int
  /// For each instruction the stretch of text that an error there marks.
  let spans: [Span]
  /// The stretches of the arguments of the call at an instruction.
  let argumentSpans: [Int: [Span]]
  /// The bindings that are called at an instruction and hide something of the library's.
  let hiding: [Int: Binding]
  /// What its closures capture.
  let captures: [Capture]
  let functions: [Code]
  let references: [Reference]
  let sites: [CallSite]
  let formats: [[Format]]
  let indexes: [[Position]]
  let paths: [Path]
  /// The modules that `use` statements bind.
  let uses: [Module]
  /// What cells and globals an instruction reads, for errors before their `let` ran.
  let bindings: [Int: Binding]
  /// What the machine reads while it runs.
  let header: UnsafeMutablePointer<Header>
  private let instructionCount: Int
  private let constantCount: Int
  private let fieldCount: Int

  /// The part that the machine's loop reads, all of it without reference counting.
  struct Header {
    let instructions: UnsafeMutablePointer<Instruction>
    let constants: UnsafeMutablePointer<Value>
    let globals: UnsafeMutablePointer<Value>
    let fields: UnsafeMutablePointer<FieldSite>
    let registers: Int
    let parameters: Int
    unowned(unsafe) var code: Code
  }

  /// Where a closure finds what it captures when it is made.
  enum Capture {
    /// A register of the function that makes it: a value or a cell.
    case register(Int)
    /// What that function captured itself.
    case capture(Int)
    /// That function itself.
    case itself
  }

  /// A name that is looked up when it is reached.
  enum Reference: Hashable {
    case module(String)
    case member(module: String, name: String)
  }

  /// A call of a method, or with named arguments.
  final class CallSite {
    /// The method's name; nil where a function is called.
    let method: String?
    /// The names of the arguments, nil for positional ones; empty if none has one.
    let names: [String?]
    /// The builtin that the method was last time, and of which kind of value.
    var cached: (type: String, builtin: Builtin)?
    init(method: String?, names: [String?]) {
      self.method = method
      self.names = names
    }
  }

  /// A field's name with where it was found last time.
  struct FieldSite {
    let key: Map.Key
    let name: String
    var position: Int
  }

  /// A part of an f-string.
  enum Format {
    case text(String)
    /// The next register's value.
    case value(spec: String)
  }

  /// A position in an index with several.
  enum Position {
    case value
    case slice(hasLow: Bool, hasHigh: Bool)
    case ellipsis
  }

  /// What an assignment to an element or a field writes to.
  struct Path {
    enum Root {
      case register(Int)
      case cell(Int)
      case capture(Int)
      case captureCell(Int)
      case global(Int)
    }
    enum Step {
      case field(Int)
      case index([Position])
    }
    let root: Root
    let steps: [Step]
  }

  /// Takes over what the compiler gathered.
  init(_ made: FunctionCompiler) {
    name = made.literal?.name
    source = made.source
    slots = made.slots
    literal = made.literal
    parameters = made.literal?.parameters.map(\.name.text) ?? []
    required = made.literal?.parameters.count { $0.fallback == nil } ?? 0
    registers = made.highest
    spans = made.spans
    argumentSpans = made.argumentSpans
    hiding = made.hiding
    captures = made.captureSources
    functions = made.functions
    references = made.references
    sites = made.sites
    formats = made.formats
    indexes = made.indexes
    paths = made.paths
    uses = made.uses
    bindings = made.bindings
    instructionCount = made.instructions.count
    constantCount = made.constants.count
    fieldCount = made.fields.count
    let instructions = UnsafeMutablePointer<Instruction>.allocate(capacity: instructionCount)
    instructions.initialize(from: made.instructions, count: instructionCount)
    let constants = UnsafeMutablePointer<Value>.allocate(capacity: max(1, constantCount))
    constants.initialize(from: made.constants, count: constantCount)
    let fields = UnsafeMutablePointer<FieldSite>.allocate(capacity: max(1, fieldCount))
    fields.initialize(from: made.fields, count: fieldCount)
    header = .allocate(capacity: 1)
    header.initialize(
      to: Header(
        instructions: instructions, constants: constants, globals: made.slots.values,
        fields: fields, registers: registers, parameters: parameters.count, code: self))
  }

  deinit {
    header.pointee.instructions.deinitialize(count: instructionCount).deallocate()
    header.pointee.constants.deinitialize(count: constantCount).deallocate()
    header.pointee.fields.deinitialize(count: fieldCount).deallocate()
    header.deinitialize(count: 1).deallocate()
  }

  /// The text an error at an instruction marks.
  func place(at instruction: UnsafeMutablePointer<Instruction>) -> Place {
    let index = instruction - header.pointee.instructions
    return Place(source, spans.indices.contains(index) ? spans[index] : Span(0, 0))
  }
}
