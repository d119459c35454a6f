import Syntax

/// Operators whose operands are not both numbers.
extension Machine {
  /// An arithmetic instruction whose operands are not both numbers.
  @inline(never)
  func binary(_ op: BinaryOperator, _ word: Instruction, _ base: UnsafeMutablePointer<Value>) throws
  {
    let value = try Operators.binary(op, base[word.b], base[word.cRegister])
    if word.bDies { base[word.b] = .nil }
    if word.cDies { base[word.cRegister] = .nil }
    (base + word.a).replace(value)
    try ContainerMemory.check()
  }

  /// The same with a constant operand.
  @inline(never)
  func binaryConstant(
    _ op: BinaryOperator, _ word: Instruction, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>
  ) throws {
    let value = try Operators.binary(op, base[word.b], constants[word.cRegister])
    if word.bDies { base[word.b] = .nil }
    (base + word.a).replace(value)
  }

  /// A comparison in a condition.
  @inline(never)
  func compare(
    _ op: BinaryOperator, _ left: UnsafeMutablePointer<Value>, _ right: UnsafeMutablePointer<Value>
  ) throws -> Bool {
    if case .string(let a) = left.pointee, case .string(let b) = right.pointee {
      switch op {
      case .equal: return a === b || Scalars.isEqual(a.text, b.text)
      case .notEqual: return a !== b && !Scalars.isEqual(a.text, b.text)
      default: return Operators.compare(op, a.text, b.text)
      }
    }
    return try Operators.truth(Operators.binary(op, left.pointee, right.pointee), of: nil)
  }

  /// `a in b`.
  @inline(never)
  func contains(
    _ word: Instruction, _ base: Register, _ globals: Register,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    let item = base[word.b]
    let place = word.cIsPlace ? place(word.cRegister, base, globals) : base + word.cRegister
    try checkContainer(place, next)
    let container = place.pointee
    if word.bDies { base[word.b] = .nil }
    if word.cDies { base[word.cRegister] = .nil }
    let isIn = try ElementAccess.contains(item, in: container)
    (base + word.a).set(isIn != word.isNegated)
  }
}
