import CMachine
import Syntax

/// The compiled form of a function or a file.
final class Code {
  /// The function's name; nil for a short function without one and for a file.
  let name: String?
  /// The script that contains its text.
  let script: Script
  let slots: Slots
  /// The function as written; nil for a file.
  let literal: FunctionLiteral?
  /// The names of the parameters, and how many of them have no default.
  let parameters: [String]
  let required: Int
  /// How many registers it needs.
  let registers: Int
  /// The tables that the instructions refer to.
  let tables: Tables
  /// The data that the machine reads while it runs.
  let header: UnsafeMutablePointer<Header>
  private let instructionCount: Int
  private let constantCount: Int
  private let fieldCount: Int
  private let pieceCount: Int

  /// The part that the machine's loop reads, without any reference counting: `CCodeHeader` to the loop in
  /// C.
  struct Header {
    let instructions: UnsafeMutablePointer<Instruction>
    let constants: UnsafeMutablePointer<Value>
    let globals: UnsafeMutablePointer<Value>
    let fields: UnsafeMutablePointer<FieldSite>
    let pieces: UnsafeMutablePointer<CFormatPiece>
    /// The call sites, which the tables hold.
    let sites: UnsafeMutablePointer<Unmanaged<CallSite>>
    let registers: Int
    let parameters: Int
    unowned(unsafe) var code: Code
  }

  /// Where a closure finds a captured variable when it is made.
  enum Capture {
    /// A register of the function that makes the closure: a value or a cell.
    case register(Int)
    /// A capture of that function.
    case capture(Int)
    /// That function itself.
    case itself
  }

  /// A name that is looked up when execution reaches it.
  enum Reference: Hashable {
    case module(String)
    case member(module: String, name: String)
  }

  /// A call of a method, or a call with named arguments.
  final class CallSite {
    /// The builtin that the method is for all receivers of some kinds (bits of `Value.kindMask`): `CCallSite`
    /// to the machine's loop in C. `cached` holds it.
    var kinds: UInt16 = 0
    unowned(unsafe) var builtin: Builtin?
    /// The method's name; nil if a function is called.
    let method: String?
    /// The names of the arguments, nil for positional ones; empty if there are no named arguments.
    let names: [String?]
    /// The builtin that the last call of the method resolved to, and the type of its receiver.
    var cached: (type: String, builtin: Builtin)?
    init(method: String?, names: [String?]) {
      self.method = method
      self.names = names
    }
  }

  /// A field's name, with the position where it was last found.
  /// `CFieldSite` to the machine's loop in C.
  struct FieldSite {
    var position: Int
    let key: Map.Key
    let name: String
  }

  /// A part of an f-string.
  enum FormatPiece {
    case text(String)
    /// The value of the next register, with its spec as written and as it was parsed: nil if it is empty or
    /// wrong, which is reported when the value is formatted.
    case value(String, FormatSpec?)

    /// As the loop in C reads it.
    func laidOut(isLast: Bool) -> CFormatPiece {
      switch self {
      case .text(let text):
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8)
        return CFormatPiece(
          text: bytes.baseAddress, count: bytes.count, isPlain: false, isLast: isLast)
      case .value(let spec, _):
        return CFormatPiece(text: nil, count: 0, isPlain: spec.isEmpty, isLast: isLast)
      }
    }
  }

  /// A position in an index that has several.
  enum Position {
    case value
    case slice(hasLow: Bool, hasHigh: Bool)
    case ellipsis
  }

  /// A variable in a register, or whose cell is in one.
  struct LocalVariable {
    let name: String
    let register: Int
    let isCell: Bool
    /// The first instruction at which it may have its value.
    let start: Int
    /// The first instruction behind its block; nil while that is being compiled.
    var end: Int?
    /// The instructions that release it, since they read it for the last time.
    var deaths: [Int] = []
  }

  /// The target of an assignment to an element or a field.
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
    /// Whether each step is a field or a single position.
    let isPlain: Bool

    init(root: Root, steps: [Step]) {
      (self.root, self.steps) = (root, steps)
      isPlain = steps.allSatisfy { if case .index(let index) = $0 { index.isSingle } else { true } }
    }
  }

  /// The bits of a place that hold its index, and the largest index.
  static let placeBits = 14
  static let mostPlaces = 1 << placeBits - 1

  /// The place of a variable that is not in a register, in the 16 bits of an instruction's field: the
  /// upper two tell whether it is a global, a capture, the content of a cell, or that of a captured
  /// cell. nil if it has none.
  static func place(_ root: Path.Root) -> Int? {
    let (kind, index) =
      switch root {
      case .register: (0, Int.max)
      case .global(let slot): (0, slot)
      case .capture(let index): (1, index)
      case .cell(let register): (2, register)
      case .captureCell(let index): (3, index)
      }
    return index <= mostPlaces ? kind << placeBits | index : nil
  }

  /// What the instructions refer to by number or position, other than registers and globals.
  struct Tables {
    /// For each instruction, the span of source that an error there marks.
    var spans: [Span] = []
    /// The spans of the arguments of the call at an instruction.
    var argumentSpans: [Int: [Span]] = [:]
    /// The bindings that are called at an instruction and hide a name of the library.
    var hiding: [Int: Binding] = [:]
    /// The cells and globals that an instruction reads, to report reads before their `let` has run.
    var bindings: [Int: Binding] = [:]
    /// The variables in registers, for a debugger.
    var variables: [LocalVariable] = []
    /// The captures of the closures made by the code.
    var captures: [Capture] = []
    var functions: [Code] = []
    var references: [Reference] = []
    var sites: [CallSite] = []
    /// The parts of all f-strings, and for each whether it is the last of one.
    var pieces: [(piece: FormatPiece, isLast: Bool)] = []
    /// The keys of maps that are written with these.
    var shapes: [[Map.Key]] = []
    var indexes: [[Position]] = []
    var paths: [Path] = []
    /// The modules that `use` statements bind.
    var uses: [Module] = []
  }

  /// Builds code from what the compiler collected.
  init(
    _ literal: FunctionLiteral?, of script: Script, slots: Slots, registers: Int, tables: Tables,
    instructions made: [Instruction], constants values: [Value], fields sites: [FieldSite]
  ) {
    self.literal = literal
    self.script = script
    self.slots = slots
    self.registers = registers
    self.tables = tables
    name = literal?.name
    parameters = literal?.parameters.map(\.name.text) ?? []
    required = literal?.parameters.count { $0.fallback == nil } ?? 0
    instructionCount = made.count
    constantCount = values.count
    fieldCount = sites.count
    pieceCount = tables.pieces.count
    let instructions = UnsafeMutablePointer<Instruction>.allocate(capacity: instructionCount)
    instructions.initialize(from: made, count: instructionCount)
    let constants = UnsafeMutablePointer<Value>.allocate(capacity: max(1, constantCount))
    constants.initialize(from: values, count: constantCount)
    let fields = UnsafeMutablePointer<FieldSite>.allocate(capacity: max(1, fieldCount))
    fields.initialize(from: sites, count: fieldCount)
    let pieces = UnsafeMutablePointer<CFormatPiece>.allocate(capacity: max(1, pieceCount))
    for (i, part) in tables.pieces.enumerated() {
      (pieces + i).initialize(to: part.piece.laidOut(isLast: part.isLast))
    }
    let calls = UnsafeMutablePointer<Unmanaged<CallSite>>.allocate(
      capacity: max(1, tables.sites.count))
    for (i, site) in tables.sites.enumerated() {
      (calls + i).initialize(to: Unmanaged.passUnretained(site))
    }
    header = .allocate(capacity: 1)
    header.initialize(
      to: Header(
        instructions: instructions, constants: constants, globals: slots.values,
        fields: fields, pieces: pieces, sites: calls, registers: registers,
        parameters: parameters.count, code: self))
  }

  deinit {
    header.pointee.instructions.deinitialize(count: instructionCount).deallocate()
    header.pointee.constants.deinitialize(count: constantCount).deallocate()
    header.pointee.fields.deinitialize(count: fieldCount).deallocate()
    for i in 0..<pieceCount { header.pointee.pieces[i].text?.deallocate() }
    header.pointee.pieces.deinitialize(count: pieceCount).deallocate()
    header.pointee.sites.deallocate()
    header.deinitialize(count: 1).deallocate()
  }

  /// The place that an error at an instruction marks.
  func place(at instruction: UnsafeMutablePointer<Instruction>) -> Place {
    let index = instruction - header.pointee.instructions
    let spans = tables.spans
    return Place(script.source, spans.indices.contains(index) ? spans[index] : Span(0, 0))
  }
}
