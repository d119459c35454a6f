import Glibc

/// A function of int32 whose result may overflow.
protocol CheckedFunction1: Function1 where Input == Int32, Output == Int32 {
  init(flag: OverflowFlag)
}

struct Exp<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T.exp(x) }
}
struct Log<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T.log(x) }
}
struct Sqrt<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { .sqrt(x) }
}
struct Abs<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x.magnitude }
}
struct Sign<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x > 0 ? 1 : (x < 0 ? -1 : x) }
}
struct Sin<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T.sin(x) }
}
struct Cos<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T.cos(x) }
}
struct Tanh<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T.tanh(x) }
}
struct Sigmoid<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T.sigmoid(x) }
}
struct Relu<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { .relu(x) }
}
struct Relu6<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x > 6 ? 6 : .relu(x) }
}
struct Negate<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { -x }
}
struct Square<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x * x }
}
struct Reciprocal<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { 1 / x }
}
struct Floor<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x.rounded(.down) }
}
struct Ceil<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x.rounded(.up) }
}
struct Round<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x.rounded(.toNearestOrEven) }
}
struct IsNaN<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> Bool { x != x }
}
struct IsInfinite<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> Bool { x.isInfinite }
}
struct IsFinite<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> Bool { x.isFinite }
}
// Computed in float64, where the C library's functions are accurate to the last digit of float32.
struct Log2<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T(Glibc.log2(Double(x))) }
}
struct Log10<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T(Glibc.log10(Double(x))) }
}
struct Log1p<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T(Glibc.log1p(Double(x))) }
}
struct Expm1<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T(Glibc.expm1(Double(x))) }
}
struct Tan<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T(Glibc.tan(Double(x))) }
}
struct Erf<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { T(Glibc.erf(Double(x))) }
}
/// x · P(a standard normal number is below x), where erfc keeps the digits of small probabilities.
struct Gelu<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T {
    let x = Double(x)
    return x == -.infinity ? 0 : T(0.5 * x * Glibc.erfc(-x * 0.5.squareRoot()))
  }
}
struct Silu<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T { x == -.infinity ? 0 : x * T.sigmoid(x) }
}
struct Elu<T: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> T {
    x > 0 ? x : T(Glibc.expm1(Double(x)))
  }
}
struct IntegerAbs: CheckedFunction1 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32) -> Int32 { flag.narrow(abs(Int64(x))) }
}
struct IntegerNegate: CheckedFunction1 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32) -> Int32 { flag.narrow(-Int64(x)) }
}
struct IntegerSquare: CheckedFunction1 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32) -> Int32 { flag.narrow(Int64(x) * Int64(x)) }
}
struct IntegerSign: CheckedFunction1 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32) -> Int32 { flag.narrow(Int64(x).signum()) }
}
struct IntegerRelu: CheckedFunction1 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: Int32) -> Int32 { flag.narrow(max(Int64(x), 0)) }
}
struct LogicalNot: Function1 {
  @inline(__always) func callAsFunction(_ x: Bool) -> Bool { !x }
}
