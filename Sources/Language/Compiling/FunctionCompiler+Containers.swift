import Syntax

extension FunctionCompiler {
  /// The number of items that are added to a container at a time, so that a long literal needs few
  /// registers.
  private static let stretch = 200

  func list(_ items: [Expression], to destination: Int) throws {
    let whole = span
    let result = items.count <= Self.stretch ? destination : try allocate(whole)
    var rest = items[...]
    repeat {
      let part = rest.prefix(Self.stretch)
      rest = rest.dropFirst(Self.stretch)
      let isFirst = part.startIndex == 0
      let first = next
      for item in part {
        let register = try allocate(item.span)
        try compile(item, to: register)
      }
      span = whole
      emit(isFirst ? .list : .extend, result, first, part.count)
      next = first
    } while !rest.isEmpty
    if result != destination { emit(.take, destination, result) }
  }

  func map(_ entries: [(key: MapKey, value: Expression)], to destination: Int) throws {
    if try shaped(entries, to: destination) { return }
    let whole = span
    let result = entries.count <= Self.stretch ? destination : try allocate(whole)
    var rest = entries[...]
    repeat {
      let part = rest.prefix(Self.stretch)
      rest = rest.dropFirst(Self.stretch)
      let isFirst = part.startIndex == 0
      let first = next
      for entry in part {
        let key = try allocate(entry.value.span)
        switch entry.key {
        case .literal(let literal, let span):
          self.span = span
          emit(.constant, key, 0, constant(Map.Key(literal).value))
        case .computed(let expression): try compile(expression, to: key)
        }
        let register = try allocate(entry.value.span)
        try compile(entry.value, to: register)
      }
      span = whole
      emit(isFirst ? .map : .insert, result, first, part.count)
      next = first
    } while !rest.isEmpty
    if result != destination { emit(.take, destination, result) }
  }

  /// Compiles a map whose keys are known and different.
  private func shaped(
    _ entries: [(key: MapKey, value: Expression)], to destination: Int
  ) throws -> Bool {
    let keys = entries.compactMap { entry -> Map.Key? in
      if case .literal(let literal, _) = entry.key { Map.Key(literal) } else { nil }
    }
    guard keys.count == entries.count, Set(keys).count == keys.count, keys.count <= Self.stretch
    else { return false }
    let whole = span
    let first = next
    for entry in entries {
      let register = try allocate(entry.value.span)
      try compile(entry.value, to: register)
    }
    span = whole
    tables.shapes.append(keys)
    emit(.mapOf, destination, first, tables.shapes.count - 1)
    next = first
    return true
  }

  func interpolation(_ pieces: [Piece], to destination: Int) throws {
    let whole = span
    let first = next
    let format = pieces.map {
      switch $0 {
      case .text(let text): Code.FormatPiece.text(text)
      case .value(_, let spec):
        Code.FormatPiece.value(spec, spec.isEmpty ? nil : try? FormatSpec(spec))
      }
    }
    for piece in pieces {
      if case .value(let expression, _) = piece {
        let register = try allocate(expression.span)
        try compile(expression, to: register)
      }
    }
    span = whole
    if format.isEmpty {
      emit(.constant, destination, 0, constant(Value("")))
      return
    }
    emit(.format, destination, first, tables.pieces.count)
    for (i, piece) in format.enumerated() {
      tables.pieces.append((piece, isLast: i == format.count - 1))
    }
  }

  func index(_ base: Expression, _ positions: [SubscriptNode], to destination: Int) throws {
    let whole = span
    if positions.count == 1, case .value(let position) = positions[0] {
      if try pair(base, position, to: destination) { return }
      if let (place, binding) = try place(base, before: position) {
        let index = try operand(position)
        span = whole
        let dies = index.dies && index.register != destination
        let read = emit(.getIndexAt, destination, place, index.register | (dies ? 1 << 17 : 0))
        tables.bindings[read] = binding
        tables.argumentSpans[read] = [base.span]
        return
      }
      let (a, b) = try operands(base, position)
      span = whole
      emit(.getIndex, destination, a.register, b.register | bits(a, b, destination))
      return
    }
    let first = try allocate(whole)
    try compile(base, to: first)
    let pattern = try self.positions(positions)
    span = whole
    if pattern.count == 1, case .slice(let hasLow, let hasHigh) = pattern[0] {
      emit(.getSlice, destination, first, (hasLow ? 1 : 0) | (hasHigh ? 2 : 0))
      return
    }
    tables.indexes.append(pattern)
    emit(.getIndexMany, destination, first, tables.indexes.count - 1)
  }

  /// Compiles `x[i][j]` of a variable to one instruction, which needs no reference to `x[i]`; returns
  /// false if that is not possible, because the evaluation of i or j may change x or x[i].
  private func pair(_ base: Expression, _ second: Expression, to destination: Int) throws -> Bool {
    guard case .index(let variable, let positions) = base.kind, positions.count == 1,
      case .value(let first) = positions[0], first.isCalm, second.isCalm, next < 1 << 11,
      case .name(let name) = variable.kind
    else { return false }
    let whole = span
    let container = register(of: name)
    let place = try container == nil ? place(variable, before: nil) : nil
    guard let code = container ?? place?.0 else { return false }
    let (i, j) = try keepingVariables { (try operand(first), try operand(second)) }
    span = whole
    let read = emit(
      container == nil ? .getPairAt : .getPair, destination, code, i.register | j.register << 12)
    tables.bindings[read] = place?.1
    tables.argumentSpans[read] = [variable.span, base.span]
    return true
  }

  /// Compiles positions into consecutive registers and returns their kinds.
  func positions(_ nodes: [SubscriptNode]) throws -> [Code.Position] {
    func put(_ expression: Expression) throws {
      let register = try allocate(expression.span)
      try compile(expression, to: register)
    }
    return try nodes.map { node in
      switch node {
      case .value(let value):
        try put(value)
        return .value
      case .slice(let low, let high, _):
        if let low { try put(low) }
        if let high { try put(high) }
        return .slice(hasLow: low != nil, hasHigh: high != nil)
      case .ellipsis: return .ellipsis
      }
    }
  }
}
