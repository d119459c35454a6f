import Glibc

// maximum and minimum of floating-point numbers propagate NaN, as in NumPy.

struct Equal<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> Bool { x == y }
}
struct NotEqual<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> Bool { x != y }
}
struct Less<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> Bool { x < y }
}
struct LessEqual<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> Bool { x <= y }
}
struct Greater<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> Bool { x > y }
}
struct GreaterEqual<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> Bool { x >= y }
}
struct Add<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { x + y }
}
struct Subtract<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { x - y }
}
struct Multiply<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { x * y }
}
struct Divide<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { x / y }
}
struct Power<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { T.pow(x, y) }
}
struct Atan2<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ y: T, _ x: T) -> T {
    T(Glibc.atan2(Double(y), Double(x)))
  }
}
struct Maximum<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { x > y || x != x ? x : y }
}
struct Minimum<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { x < y || x != x ? x : y }
}
struct Remainder<T: FloatElement>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { T.floorRemainder(x, y) }
}
struct FloorDivide<T: FloatElement>: Function2 {
  func callAsFunction(_ x: T, _ y: T) -> T {
    let quotient = x / y
    return T.floorRemainder(x, y) == 0
      ? quotient.rounded(.toNearestOrEven) : quotient.rounded(.down)
  }
}
struct IntegerAdd: Function2 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32, _ y: Int32) -> Int32 {
    flag.narrow(Int64(x) &+ Int64(y))
  }
}
struct IntegerSubtract: Function2 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32, _ y: Int32) -> Int32 {
    flag.narrow(Int64(x) &- Int64(y))
  }
}
struct IntegerMultiply: Function2 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32, _ y: Int32) -> Int32 {
    flag.narrow(Int64(x) &* Int64(y))
  }
}
struct Larger<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { max(x, y) }
}
struct Smaller<T: Element & Comparable>: Function2 {
  @inline(__always) func callAsFunction(_ x: T, _ y: T) -> T { min(x, y) }
}
struct IntegerFloorDivide: Function2 {
  let flag: OverflowFlag
  func callAsFunction(_ x: Int32, _ y: Int32) -> Int32 {
    let (quotient, remainder) = Int64(x).quotientAndRemainder(dividingBy: Int64(y))
    return flag.narrow(remainder != 0 && (remainder < 0) != (y < 0) ? quotient - 1 : quotient)
  }
}
struct IntegerRemainder: Function2 {
  func callAsFunction(_ x: Int32, _ y: Int32) -> Int32 {
    let remainder = Int64(x) % Int64(y)
    return Int32(
      truncatingIfNeeded: remainder != 0 && (remainder < 0) != (y < 0)
        ? remainder + Int64(y) : remainder)
  }
}
/// x^y by repeated squaring; y is not negative.
struct IntegerPower: Function2 {
  let flag: OverflowFlag
  func callAsFunction(_ x: Int32, _ y: Int32) -> Int32 {
    var result: Int64 = 1
    var base = Int64(x)
    var rest = y
    while rest > 0 {
      if rest & 1 == 1 { result = Int64(flag.narrow(result &* base)) }
      rest >>= 1
      // An overflow of the squared base matters only if the base is used again.
      if rest > 0 {
        let square = base.multipliedReportingOverflow(by: base)
        if square.overflow || square.partialValue > 1 << 32 {
          flag.set()
          return 0
        }
        base = square.partialValue
      }
    }
    return Int32(truncatingIfNeeded: result)
  }
}
struct LogicalAnd: Function2 {
  @inline(__always) func callAsFunction(_ x: Bool, _ y: Bool) -> Bool { x && y }
}
struct LogicalOr: Function2 {
  @inline(__always) func callAsFunction(_ x: Bool, _ y: Bool) -> Bool { x || y }
}
struct Cube<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x * x * x }
}
