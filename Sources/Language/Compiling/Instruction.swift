import CMachine

/// An instruction: 8 bits for the operation, 16 bits each for fields a and b, and 24 for c.
struct Instruction {
  var bits: UInt64

  /// Makes an instruction; c may be negative.
  init(_ operation: Opcode, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) {
    bits =
      UInt64(operation.rawValue) | UInt64(UInt16(truncatingIfNeeded: a)) << 8
      | UInt64(UInt16(truncatingIfNeeded: b)) << 24 | UInt64(bitPattern: Int64(c)) << 40
  }

  /// The operation.
  @inline(__always) var operation: Opcode {
    // SAFETY: instructions are made only by `init`, from an operation.
    unsafeBitCast(UInt8(truncatingIfNeeded: bits), to: Opcode.self)
  }
  /// A register.
  @inline(__always) var a: Int { Int(UInt16(truncatingIfNeeded: bits >> 8)) }
  /// A register, or a small number.
  @inline(__always) var b: Int { Int(UInt16(truncatingIfNeeded: bits >> 24)) }
  /// A signed distance.
  @inline(__always) var c: Int { Int(Int64(bitPattern: bits) >> 40) }
  /// The register in c.
  @inline(__always) var cRegister: Int { Int(UInt16(truncatingIfNeeded: bits >> 40)) }
  /// An unsigned number in c, without the topmost bit.
  @inline(__always) var cIndex: Int { Int(bits >> 40 & 0x7F_FFFF) }
  /// The registers in the lower and the upper half of c.
  @inline(__always) var firstOfPair: Int { Int(bits >> 40 & 0xFFF) }
  @inline(__always) var secondOfPair: Int { Int(bits >> 52) }
  /// Bit 16 of c: R[b] dies.
  @inline(__always) var bDies: Bool { bits & 1 << 56 != 0 }
  /// Bit 17 of c: R[c] dies.
  @inline(__always) var cDies: Bool { bits & 1 << 57 != 0 }
  /// Of the operands of a call: how many there are, and which of them die.
  @inline(__always) var operandCount: Int { Int(bits >> 59 & 3) }
  /// Whether the first of them is a variable's place.
  @inline(__always) var hasPlace: Bool { bits >> 61 & 1 != 0 }
  @inline(__always) func operandDies(_ i: Int) -> Bool { bits >> (56 + i) & 1 != 0 }
  /// Bit 19 of c: R[c] is a variable's place.
  @inline(__always) var cIsPlace: Bool { bits >> 59 & 1 != 0 }
  /// Bit 18 of c.
  @inline(__always) var isNegated: Bool { bits & 1 << 58 != 0 }
  /// Bit 23 of c.
  @inline(__always) var topBit: Bool { bits & 1 << 63 != 0 }
}
