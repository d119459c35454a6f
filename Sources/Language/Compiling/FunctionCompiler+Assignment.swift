import Syntax

extension FunctionCompiler {
  /// `target = value`, `target op= value`.
  func assign(_ target: Expression, _ operation: BinaryOperator?, _ value: Expression) throws {
    switch target.kind {
    case .name(let name): try assign(name, operation, target, value)
    case .index, .member: try assignElement(target, operation, value)
    default: throw failure("only a name, an element or a field can be assigned to", target.span)
    }
  }

  private func assign(
    _ name: Name, _ operation: BinaryOperator?, _ target: Expression, _ value: Expression
  ) throws {
    let whole = span
    guard let binding = script.binding(name) else {
      throw failure("`\(name.text)` can't be assigned to", name.span)
    }
    var home: Int?
    if case .register(let register) = try location(of: binding) { home = register }
    let register = try home ?? allocate(whole)
    if let operation {
      let old = try keepingVariables { try operand(target) }
      try binary(operation, old, value, whole, to: register)
    } else {
      try compile(value, to: register)
    }
    span = whole
    if home == nil { try store(register, into: binding, declares: false) }
  }

  /// Compiles code that reads variables which are still needed afterwards.
  func keepingVariables<T>(_ body: () throws -> T) rethrows -> T {
    let outer = keepsVariables
    keepsVariables = true
    defer { keepsVariables = outer }
    return try body()
  }

  /// Assignment to elements and fields. The value is evaluated first; with `op=`, the old value of
  /// the target is read before it.
  private func assignElement(
    _ target: Expression, _ operation: BinaryOperator?, _ value: Expression
  ) throws {
    let whole = span
    var steps: [Expression] = []
    var base = target
    while script.module(base) == nil {
      if case .index(let inner, _) = base.kind {
        steps.append(base)
        base = inner
      } else if case .member(let inner, _) = base.kind, script.module(inner) == nil {
        steps.append(base)
        base = inner
      } else {
        break
      }
    }
    var result: Operand?
    if operation == nil {
      if case .name = value.kind {
        result = try keepingVariables { try operand(value) }
      } else {
        result = try operand(value)
      }
    }
    let root = try self.root(base)
    let first = next
    let path = try keepingVariables {
      try steps.reversed().map { step -> Code.Path.Step in
        if case .index(_, let nodes) = step.kind { return .index(try positions(nodes)) }
        guard case .member(_, let name) = step.kind else {
          throw failure("only a name, an element or a field can be assigned to", step.span)
        }
        return .field(field(name.text))
      }
    }
    if let operation {
      let old = try allocate(whole)
      span = target.span
      read(root, path, first, to: old)
      try binary(operation, Operand(register: old, dies: true), value, whole, to: old)
      result = Operand(register: old, dies: true)
    }
    guard let result else { return }
    span = target.span
    write(root, path, first, result)
  }

  private typealias Root = (place: Code.Path.Root, binding: Binding?)

  /// The place of the variable that an expression consists of.
  private func variable(_ expression: Expression) throws -> (Code.Path.Root, Binding)? {
    guard case .name(let name) = expression.kind, let binding = script.binding(name) else {
      return nil
    }
    switch try location(of: binding) {
    case .register(let register): return (.register(register), binding)
    case .cell(let register): return (.cell(register), binding)
    case .capture(let index): return (.capture(index), binding)
    case .captureCell(let index): return (.captureCell(index), binding)
    case .global(let slot): return (.global(slot), binding)
    case .itself: return nil
    }
  }

  /// The place of the variable that an expression consists of, if an instruction can read it there
  /// after `later` is evaluated: the variable is in no register, and `later` calls nothing that may
  /// assign to it.
  func place(_ expression: Expression, before later: Expression?) throws -> (Int, Binding)? {
    guard later?.isCalm != false, let (root, binding) = try variable(expression) else { return nil }
    return Code.place(root).map { ($0, binding) }
  }

  private func root(_ expression: Expression) throws -> Root {
    if let found = try variable(expression) { return found }
    return (.register(try keepingVariables { try operand(expression) }.register), nil)
  }

  private func read(_ root: Root, _ path: [Code.Path.Step], _ first: Int, to result: Int) {
    if let place = Code.place(root.place), path.count == 1 {
      switch path[0] {
      case .field(let field):
        tables.bindings[emit(.getFieldAt, result, place, field)] = root.binding
        return
      case .index(let pattern) where pattern.isSingle:
        tables.bindings[emit(.getIndexAt, result, place, first)] = root.binding
        return
      case .index: break
      }
    }
    if case .register(let container) = root.place, path.count == 1 {
      switch path[0] {
      case .field(let field):
        emit(.getField, result, container, field)
        return
      case .index(let pattern) where pattern.isSingle:
        emit(.getIndex, result, container, first)
        return
      case .index: break
      }
    }
    tables.paths.append(Code.Path(root: root.place, steps: path))
    tables.bindings[emit(.readPath, result, first, tables.paths.count - 1)] = root.binding
  }

  private func write(_ root: Root, _ path: [Code.Path.Step], _ first: Int, _ value: Operand) {
    if let place = Code.place(root.place), path.count == 1 {
      switch path[0] {
      case .field(let field):
        let c = field | (value.dies ? 1 << 23 : 0)
        tables.bindings[emit(.setFieldAt, place, value.register, c)] = root.binding
        return
      case .index(let pattern) where pattern.isSingle:
        let c = value.register | (value.dies ? 1 << 17 : 0)
        tables.bindings[emit(.setIndexAt, place, first, c)] = root.binding
        return
      case .index: break
      }
    }
    if case .register(let container) = root.place, path.count == 1 {
      switch path[0] {
      case .field(let field):
        emit(.setField, container, value.register, field | (value.dies ? 1 << 23 : 0))
        return
      case .index(let pattern) where pattern.isSingle:
        emit(.setIndex, container, first, value.register | (value.dies ? 1 << 17 : 0))
        return
      case .index: break
      }
    }
    tables.paths.append(Code.Path(root: root.place, steps: path))
    let index = tables.paths.count - 1 | (value.dies ? 1 << 23 : 0)
    tables.bindings[emit(.assignPath, value.register, first, index)] = root.binding
  }
}
