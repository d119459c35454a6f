import Glibc
import Testing

@testable import Tensors

/// The vector functions against double precision, over a grid of all exponents and random mantissas.
@Suite struct VectorMathTests {
  /// The greatest error in units in the last place of the exact result.
  private func error(
    _ numbers: [Float], _ f: (Float) -> Float, _ exact: (Double) -> Double
  ) -> Double {
    var worst = 0.0
    for x in numbers {
      let want = exact(Double(x))
      let got = f(x)
      if want.isNaN || got.isNaN || Float(want).isInfinite || got.isInfinite {
        if !(want.isNaN && got.isNaN) && Float(want) != got { return .infinity }
        continue
      }
      let unit = Double(max(Float(want).ulp, .leastNonzeroMagnitude))
      worst = max(worst, abs(Double(got) - want) / unit)
    }
    return worst
  }

  private let numbers: [Float] = {
    let key = RandomKey(seed: 1)
    var numbers: [Float] = [0, -0.0, .infinity, -.infinity, .nan, 1, -1]
    for i in 0..<200_000 {
      let (a, b, _, _) = key.block(UInt64(i))
      // Any bit pattern, and numbers of everyday size.
      numbers.append(Float(bitPattern: a))
      numbers.append((Float(b) / Float(UInt32.max) - 0.5) * 40)
    }
    return numbers
  }()

  @Test("errors stay below what the comment says")
  func errors() {
    #expect(error(numbers, VectorMath.exp, Glibc.exp) < 1.3)
    #expect(error(numbers, VectorMath.log, Glibc.log) < 1.3)
    #expect(error(numbers, VectorMath.tanh, Glibc.tanh) < 1.3)
    #expect(error(numbers, VectorMath.sigmoid) { 1 / (1 + Glibc.exp(-$0)) } < 2.4)
  }

  @Test("the ends of the range")
  func ends() {
    #expect(VectorMath.exp(-Float.infinity) == 0)
    #expect(VectorMath.exp(Float(89)) == .infinity)
    #expect(VectorMath.log(0) == -.infinity)
    #expect(VectorMath.log(-1).isNaN)
    #expect(VectorMath.sigmoid(-.infinity) == 0)
    #expect(VectorMath.tanh(100) == 1)
    #expect(VectorMath.tanh(-0.0).sign == .minus)
  }
}
