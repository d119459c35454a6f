import Glibc

/// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011). A number is a function of only the key and a counter, so numbers can be
/// computed in any order on any thread.
public struct RandomKey: Hashable, Sendable {
  /// The key's 64 bits.
  public let bits: UInt64

  /// Creates a key from a seed.
  public init(seed: UInt64) { bits = RandomKey.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }
  /// Creates a key from the bits of a saved one.
  public init(bits: UInt64) { self.bits = bits }

  /// Derives a key: `key["split"]`, `key["flip"][epoch][record]`.
  public subscript(_ part: Int) -> RandomKey {
    RandomKey(bits: RandomKey.mix(bits ^ RandomKey.mix(UInt64(bitPattern: Int64(part)) &+ 1)))
  }
  /// Derives a key by name.
  public subscript(_ name: String) -> RandomKey {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return RandomKey(bits: RandomKey.mix(bits ^ RandomKey.mix(hash)))
  }

  /// The finalizer of SplitMix64 (Steele et al., 2014).
  private static func mix(_ x: UInt64) -> UInt64 {
    var z = x
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The block of four 32-bit random numbers at a counter.
  @inline(__always)
  public func block(_ counter: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
    var c0 = UInt32(truncatingIfNeeded: counter)
    var c1 = UInt32(truncatingIfNeeded: counter >> 32)
    var c2: UInt32 = 0
    var c3: UInt32 = 0
    var k0 = UInt32(truncatingIfNeeded: bits)
    var k1 = UInt32(truncatingIfNeeded: bits >> 32)
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) &* UInt64(c0)
      let p1 = UInt64(0xCD9E_8D57) &* UInt64(c2)
      let n0 = UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0
      let n2 = UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1
      c1 = UInt32(truncatingIfNeeded: p1)
      c3 = UInt32(truncatingIfNeeded: p0)
      c0 = n0
      c2 = n2
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// A random 64-bit number at a counter.
  @inline(__always)
  public func integer(_ counter: UInt64) -> UInt64 {
    let (a, b, _, _) = block(counter)
    return UInt64(a) << 32 | UInt64(b)
  }

  /// A double in 0..<1 at a counter.
  @inline(__always)
  public func uniform(_ counter: UInt64) -> Double {
    Double(integer(counter) >> 11) * 0x1p-53
  }

  /// A standard normal double at a counter (Box-Muller transform).
  @inline(__always)
  public func normal(_ counter: UInt64) -> Double {
    let (a, b, c, d) = block(counter)
    let u = Double((UInt64(a) << 32 | UInt64(b)) >> 11) * 0x1p-53
    let v = Double((UInt64(c) << 32 | UInt64(d)) >> 11) * 0x1p-53
    return sqrt(-2 * log(1 - u)) * cos(2 * Double.pi * v)
  }

  /// A random integer in 0..<bound at a counter. The bias is below bound / 2^64.
  @inline(__always)
  public func below(_ bound: Int, _ counter: UInt64) -> Int {
    Int(truncatingIfNeeded: integer(counter).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A random permutation of 0..<count (Fisher-Yates shuffle).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, below(i + 1, UInt64(i)))
    }
    return order
  }
}
