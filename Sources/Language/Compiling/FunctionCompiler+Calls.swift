import CMachine
import Syntax

extension FunctionCompiler {
  /// Compiles a call and returns the register of its result: the destination, if that can be the
  /// window that holds the arguments, and a temporary otherwise.
  func call(_ call: CallNode, _ span: Span, to destination: Int?) throws -> Int {
    let before = next
    defer { next = before }
    if case .member(let base, let name) = call.callee.kind, script.module(base) == nil {
      return try method(call, base, name, span, to: destination)
    }
    if let builtin = script.builtin(call.callee), !call.hasNames {
      if takesOperands(call, builtin) { return try direct(call, builtin, span, to: destination) }
      let changed = try changedField(call, call.arguments.first?.value)
      let window = try window(destination, span)
      try arguments(call, window, builtin: builtin, placed: changed.map { (0, $0.register) })
      self.span = span
      let isNumeric = builtin.numeric != nil && call.arguments.count == 1
      note(
        call,
        emit(
          isNumeric ? .callNumeric : .callBuiltin, window, call.arguments.count,
          constant(.object(builtin))))
      storeBack(changed)
      return window
    }
    if call.hasNames { return try named(call, span, to: destination) }
    var operation = Opcode.callGlobal
    var target = 0
    var binding: Binding?
    var temporary: Int?
    if case .name(let name) = call.callee.kind, let found = script.binding(name) {
      switch try location(of: found) {
      case .global(let slot): (target, binding) = (slot, found)
      case .itself: operation = .callSelf
      default: operation = .call
      }
    } else {
      operation = .call
    }
    var callee: Name?
    if operation == .call {
      // The function is below the window, or is a variable that stays in its register.
      if case .name(let name) = call.callee.kind, let register = register(of: name) {
        target = register
        callee = name
      } else {
        let register = try allocate(call.callee.span)
        try compile(call.callee, to: register)
        next = register + 1
        target = register
        temporary = register
      }
    }
    let (window, isLast) = try pinning(callee) {
      let window = try self.window(temporary == nil ? destination : nil, span)
      try arguments(call, window, builtin: nil)
      return window
    }
    self.span = span
    let position = emit(operation, window, call.arguments.count, target)
    if let binding { tables.bindings[position] = binding }
    note(call, position)
    if let temporary { emit(.clear, temporary, 0, 1) }
    if isLast { emit(.clear, target, 0, 1) }
    return window
  }

  /// The first register of a call's arguments.
  private func window(_ destination: Int?, _ span: Span) throws -> Int {
    if let destination, destination == next - 1, destination >= variableTop { return destination }
    return try allocate(span)
  }

  /// Compiles the arguments into a window, whose first register is already allocated. The value at a
  /// place of the window may be in another register already.
  private func arguments(
    _ call: CallNode, _ window: Int, builtin: Builtin?, skip: Int = 0,
    placed: (place: Int, register: Int)? = nil
  ) throws {
    if let placed, placed.place < skip { emit(.move, window + placed.place, placed.register) }
    for (i, argument) in call.arguments.enumerated() {
      let register = i + skip == 0 ? window : try allocate(argument.value.span)
      if let placed, placed.place == i + skip {
        emit(.move, register, placed.register)
      } else if let name = script[quoting: argument.value] {
        emit(.constant, register, 0, constant(Value(name)))
      } else if builtin?.defers(argument, at: i) == true {
        try deferred(argument.value, to: register)
      } else {
        try compile(argument.value, to: register)
      }
      next = register + 1
    }
  }

  /// Whether a builtin can be called with its arguments where they are.
  private func takesOperands(_ call: CallNode, _ builtin: Builtin) -> Bool {
    builtin.direct != nil && (1...3).contains(call.arguments.count)
      && !call.arguments.contains { script[quoting: $0.value] != nil }
  }

  /// Compiles such a call.
  private func direct(
    _ call: CallNode, _ builtin: Builtin, _ span: Span, to destination: Int?
  ) throws -> Int {
    let window = next
    let values = call.arguments.map(\.value)
    // A variable that is in no register is read where it is if it is the first.
    var first: (place: Int, binding: Binding)?
    if values.dropFirst().allSatisfy(\.isCalm) { first = try place(values[0], before: nil) }
    var arguments: [Operand] = []
    if let first {
      next = try allocate(values[0].span) + 1
      arguments = try [Operand(register: first.place, dies: false)] + lent(values.dropFirst())
    } else {
      arguments = try lent(values[...])
    }
    self.span = span
    let result = destination ?? window
    emit(.callDirect, result, window, constant(.object(builtin)))
    let registers = arguments.map(\.register) + [0, 0]
    var deaths = 0
    for (i, argument) in arguments.enumerated() where argument.dies { deaths |= 1 << (16 + i) }
    let position = emit(
      .operands, registers[0], registers[1],
      registers[2] | deaths | arguments.count << 19 | (first == nil ? 0 : 1 << 21))
    note(call, position)
    tables.bindings[position] = first?.binding
    return result
  }

  /// Compiles arguments, of which variables are read where they are. Each also has a register of a window, to
  /// which it is moved if the builtin does not answer directly.
  private func lent(_ values: ArraySlice<Expression>) throws -> [Operand] {
    guard let value = values.first else { return [] }
    let register = try allocate(value.span)
    if case .name(let name) = value.kind, let variable = self.register(of: name),
      script.binding(name)?.isReassigned != true || !values.contains(where: \.hasBlocks)
    {
      next = register + 1
      let dies = takes(name)
      let (others, isLast) = try pinning(name) { try lent(values.dropFirst()) }
      return [Operand(register: variable, dies: dies || isLast)] + others
    }
    try compile(value, to: register)
    next = register + 1
    return try [Operand(register: register, dies: true)] + lent(values.dropFirst())
  }

  /// Compiles an argument that the builtin evaluates, in this function's call frame.
  private func deferred(_ value: Expression, to register: Int) throws {
    let outer = (loops, tries, isInDeferred)
    (loops, tries, isInDeferred) = ([], 0, true)
    defer { (loops, tries, isInDeferred) = outer }
    span = value.span
    let start = emit(.deferred, register)
    let result = try allocate(value.span)
    blockDepth += 1
    try compile(value, to: result)
    blockDepth -= 1
    emit(.endDeferred, result)
    patch(start)
  }

  private func named(_ call: CallNode, _ span: Span, to destination: Int?) throws -> Int {
    let builtin = script.builtin(call.callee)
    let first = builtin.flatMap { call.place(ofFirstParameterOf: $0) }
    let changed = try changedField(call, first.map { call.arguments[$0].value })
    let window = try window(destination, span)
    try compile(call.callee, to: window)
    try arguments(
      call, window, builtin: builtin, skip: 1,
      placed: changed.flatMap { field in first.map { ($0 + 1, field.register) } })
    self.span = span
    tables.sites.append(Code.CallSite(method: nil, names: call.arguments.map { $0.name?.text }))
    note(call, emit(.callNamed, window, call.arguments.count, tables.sites.count - 1))
    storeBack(changed)
    return window
  }

  private func method(
    _ call: CallNode, _ base: Expression, _ name: Name, _ span: Span, to destination: Int?
  ) throws -> Int {
    tables.sites.append(
      Code.CallSite(
        method: name.text, names: call.hasNames ? call.arguments.map { $0.name?.text } : []))
    let site = tables.sites.count - 1
    if script.isAppend(call),
      let (place, binding) = try place(base, before: call.arguments[0].value)
    {
      let window = try allocate(span)
      next = window + 1
      try compile(call.arguments[0].value, to: try allocate(span))
      self.span = span
      let position = emit(.append, window, 1, place)
      tables.bindings[position] = binding
      tables.argumentSpans[position] = [base.span]
      note(call, emit(.callMethod, window, 2, site), receiver: base.span)
      return window
    }
    let changed = try changedField(call, base)
    if script.isAppend(call) {
      let receiver =
        try changed.map { Operand(register: $0.register, dies: false) } ?? operand(base)
      var variable: Name?
      if case .name(let found) = base.kind { variable = found }
      let (window, isLast) = try pinning(variable) {
        let window = try allocate(span)
        next = window + 1
        let argument = try allocate(span)
        try compile(call.arguments[0].value, to: argument)
        return window
      }
      self.span = span
      emit(.append, window, 0, receiver.register)
      note(call, emit(.callMethod, window, 2, site), receiver: base.span)
      if receiver.dies || isLast { emit(.clear, receiver.register, 0, 1) }
      storeBack(changed)
      return window
    }
    let window = try window(destination, span)
    if changed == nil { try compile(base, to: window) }
    next = window + 1
    try arguments(
      call, window, builtin: nil, skip: 1, placed: changed.map { (0, $0.register) })
    self.span = span
    let count = call.arguments.count
    let position =
      call.hasNames
      ? emit(.callNamed, window, count, site) : emit(.callMethod, window, count + 1, site)
    note(call, position, receiver: base.span)
    storeBack(changed)
    return window
  }

  /// A field or element whose list or map a call changes, in a register, and what it is a part of: the
  /// steps of its path, from the last to the first, each with the register of the value before it.
  private struct ChangedField {
    enum Place {
      case field(Int)
      /// The register with the index.
      case element(Int)
    }
    let register: Int
    var steps: [(holder: Int, place: Place, span: Span)] = []
    /// How many registers there are, from the first on.
    var count = 1
  }

  /// Compiles what a call changes, if that is a part of something that may give a copy of it: a field,
  /// or what is below a field or a name in brackets.
  private func changedField(_ call: CallNode, _ target: Expression?) throws -> ChangedField? {
    guard let target, script.changesFirst(call), isInField(target) else { return nil }
    var changed = ChangedField(register: try allocate(target.span))
    try addSteps(to: target, in: changed.register, &changed)
    changed.count = next - changed.register
    return changed
  }

  private func isInField(_ target: Expression) -> Bool {
    if case .member(let base, _) = target.kind { return script.module(base) == nil }
    guard let (base, index) = target.element else { return false }
    if case .string = index.kind { return true }
    return isInField(base)
  }

  private func addSteps(
    to target: Expression, in register: Int, _ changed: inout ChangedField
  ) throws {
    if case .member(let base, let name) = target.kind, script.module(base) == nil {
      let (holder, field) = (try allocate(base.span), field(name.text))
      changed.steps.append((holder, .field(field), name.span))
      try addSteps(to: base, in: holder, &changed)
      span = name.span
      emit(.getField, register, holder, field)
    } else if let (base, index) = target.element {
      let holder = try allocate(base.span)
      let position = try allocate(index.span)
      changed.steps.append((holder, .element(position), target.span))
      try addSteps(to: base, in: holder, &changed)
      try compile(index, to: position)
      span = target.span
      emit(.getIndex, register, holder, position)
    } else {
      try compile(target, to: register)
    }
  }

  /// Stores a changed list or map back into the objects that gave a copy of it.
  private func storeBack(_ changed: ChangedField?) {
    guard let changed else { return }
    var register = changed.register
    for step in changed.steps {
      span = step.span
      switch step.place {
      case .field(let field): emit(.storeBack, register, step.holder, field)
      case .element(let position): emit(.storeBackAt, register, step.holder, position)
      }
      register = step.holder
    }
    emit(.clear, changed.register, 0, changed.count)
  }

  /// Keeps the arguments' places, for errors that refer to an argument, and the name that the
  /// callee hides.
  private func note(_ call: CallNode, _ position: Int, receiver: Span? = nil) {
    tables.argumentSpans[position] =
      (receiver.map { [$0] } ?? []) + call.arguments.map(\.value.span)
    if case .name(let name) = call.callee.kind, case .binding(let binding)? = script[name],
      binding.hidesLibrary
    {
      tables.hiding[position] = binding
    }
  }
}

extension CallNode {
  /// Whether any argument is given by name.
  var hasNames: Bool { arguments.contains { $0.name != nil } }

  /// The argument that a builtin takes as its first parameter: the one with its name, or the first
  /// without a name.
  fileprivate func place(ofFirstParameterOf builtin: Builtin) -> Int? {
    arguments.firstIndex { $0.name?.text == builtin.parameters.first?.name }
      ?? arguments.firstIndex { $0.name == nil }
  }
}

extension Expression {
  /// The container and the index of `x[i]`.
  fileprivate var element: (base: Expression, index: Expression)? {
    guard case .index(let base, let nodes) = kind, nodes.count == 1,
      case .value(let index) = nodes[0]
    else { return nil }
    return (base, index)
  }
}
