import Host
import Syntax

/// A call that has not ended, or that an error has ended: its position and its variables, for a debugger.
/// It may be used while its entry is parked or has ended.
public final class Frame {
  /// A variable of the function, its blocks and the functions around it.
  public struct Variable {
    /// Its name.
    public let name: String
    /// Its value; nil if it was released, since the function does not read it again.
    public let value: Value?
    fileprivate let storage: Storage
  }

  fileprivate enum Storage {
    case register(Int)
    case cell(Cell)
    /// Captured, and never changed.
    case constant
  }

  /// What is being evaluated.
  public let place: Place
  /// The function's name; nil for a file's top level, and for a short function without one.
  public var function: String? { code.name }
  /// Whether it is a file's top level.
  public var isTopLevel: Bool { code.literal == nil }
  /// Whether it belongs to stdlib.
  public var isStdlib: Bool { home.module?.isStdlib == true }
  /// The globals of the file that contains the function.
  public var home: Slots { code.slots }

  private let code: Code
  private let closure: Closure?
  private let position: Int
  // SAFETY: the registers of the running call, whose values stay where they are until it goes on, or
  // `copied` values of this object's own.
  private let registers: Register
  private let copied: Int?

  /// Makes the view of a call. Its registers are copied if the call ends now.
  init(_ frame: CallFrame, isEnding: Bool) {
    code = frame.header.pointee.code
    closure = frame.closure.map {
      // SAFETY: a function is alive while it runs.
      Unmanaged<Closure>.fromOpaque($0).takeUnretainedValue()
    }
    position = frame.next - 1 - frame.header.pointee.instructions
    place = code.place(at: frame.next - 1)
    copied = isEnding ? code.registers : nil
    guard let copied else {
      registers = frame.base
      return
    }
    registers = .allocate(capacity: max(1, copied))
    registers.initialize(from: frame.base, count: copied)
  }

  deinit {
    guard let copied else { return }
    registers.deinitialize(count: copied)
    registers.deallocate()
  }

  /// The variables that have had a value, outer ones first, each name once.
  public var variables: [Variable] {
    var found: [Variable] = []
    for variable in captured + local {
      found.removeAll { $0.name == variable.name }
      found.append(variable)
    }
    return found
  }

  private var captured: [Variable] {
    guard let closure else { return [] }
    var found: [Variable] = []
    if let name = closure.name, home[name] == nil {
      found.append(Variable(name: name, value: .function(closure), storage: .constant))
    }
    for (i, captured) in closure.captured.enumerated() {
      if case .unset = captured.value { continue }
      let storage = cell(in: closure.captures + i).map { Storage.cell($0) } ?? .constant
      found.append(Variable(name: captured.name, value: captured.value, storage: storage))
    }
    return found
  }

  private var local: [Variable] {
    code.tables.variables.compactMap { variable in
      guard variable.start <= position, position < variable.end ?? Int.max else { return nil }
      let register = registers + variable.register
      if variable.isCell {
        guard let cell = cell(in: register) else { return nil }
        if case .unset = cell.value { return nil }
        return Variable(name: variable.name, value: cell.value, storage: .cell(cell))
      }
      let storage = Storage.register(variable.register)
      switch register.pointee {
      case .unset: return nil
      case .nil where variable.deaths.contains { $0 <= position }:
        return Variable(name: variable.name, value: nil, storage: storage)
      default: return Variable(name: variable.name, value: register.pointee, storage: storage)
      }
    }
  }

  private func cell(in register: Register) -> Cell? {
    if case .object(let object as Cell) = register.pointee { return object }
    return nil
  }

  /// Assigns to a variable.
  func assign(_ value: Value, to variable: Variable) throws {
    switch variable.storage {
    case .register(let index): (registers + index).replace(value)
    case .cell(let cell): cell.value = value
    case .constant:
      throw Failure(
        "debug", "`\(variable.name)` can't be assigned to here",
        hint: "no function assigns to it, so that each has its own copy")
    }
  }
}

extension Machine {
  /// The calls that the last error has ended, innermost first, if the world is debugged. They are given
  /// once.
  public func takeEndedCalls() -> [Frame] {
    defer { endedCalls = [] }
    return endedCalls
  }

  /// The calls that have not ended, innermost first.
  public var calls: [Frame] { views(isEnding: false) }

  /// Views of the calls, for use while they are parked or, if they are ending, afterwards.
  func views(isEnding: Bool) -> [Frame] {
    // A deferred argument runs on the registers of the call below it.
    (0..<depth).reversed().prefix(Machine.mostCalls).filter {
      $0 + 1 == depth || !frames[$0 + 1].isDeferred
    }.map { Frame(frames[$0], isEnding: isEnding) }
  }

  /// How many calls a debugger shows at most, counted from the innermost.
  private static let mostCalls = 1000
}
