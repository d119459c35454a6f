/// The digest SHA-256 (FIPS 180-4) and its signature HMAC (RFC 2104), with which Jupyter signs messages.
enum SHA256 {
  /// Returns the signature of parts that follow each other, as hexadecimal digits.
  static func signature(of parts: [[UInt8]], key: [UInt8]) -> String {
    var block = key.count > 64 ? digest(key) : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    let inner = digest(block.map { $0 ^ 0x36 } + parts.joined())
    return hexadecimal(digest(block.map { $0 ^ 0x5C } + inner))
  }

  /// Returns bytes as hexadecimal digits.
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Returns the 32 bytes of a message's digest.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    let length = UInt64(message.count) * 8
    var padded = message + [0x80]
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    for shift in stride(from: 56, through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
    }
    var state = initial
    var words = [UInt32](repeating: 0, count: 64)
    for start in stride(from: 0, to: padded.count, by: 64) {
      for i in 0..<16 {
        words[i] = padded[(start + 4 * i)..<(start + 4 * i + 4)].reduce(0) { $0 << 8 | UInt32($1) }
      }
      for i in 16..<64 {
        let (x, y) = (words[i - 15], words[i - 2])
        let low: UInt32 = rotated(x, 7) ^ rotated(x, 18) ^ (x >> 3)
        let high: UInt32 = rotated(y, 17) ^ rotated(y, 19) ^ (y >> 10)
        words[i] = words[i - 16] &+ low &+ words[i - 7] &+ high
      }
      add(words, to: &state)
    }
    return state.flatMap { (word: UInt32) -> [UInt8] in
      [24, 16, 8, 0].map { (shift: UInt32) in UInt8(truncatingIfNeeded: word >> shift) }
    }
  }

  private static func add(_ words: [UInt32], to state: inout [UInt32]) {
    var s = state
    for i in 0..<64 {
      let high = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)
      let choice: UInt32 = (s[4] & s[5]) ^ (~s[4] & s[6])
      let first: UInt32 = s[7] &+ high &+ choice &+ constants[i] &+ words[i]
      let low = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)
      let majority: UInt32 = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
      let second: UInt32 = low &+ majority
      s = [first &+ second, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
    }
    for i in 0..<8 { state[i] = state[i] &+ s[i] }
  }

  private static func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 {
    (x >> count) | (x << (32 - count))
  }

  /// The first 32 bits behind the point of the roots of the first primes: square roots for the initial
  /// state, cube roots for the constants of the rounds.
  private static let initial = primes(8).map { bits(of: Double($0).squareRoot()) }
  private static let constants = primes(64).map { bits(of: cubeRoot(Double($0))) }

  private static func primes(_ count: Int) -> [Int] {
    var found: [Int] = []
    var n = 2
    while found.count < count {
      if !found.contains(where: { n % $0 == 0 }) { found.append(n) }
      n += 1
    }
    return found
  }

  private static func bits(of root: Double) -> UInt32 {
    UInt32((root - root.rounded(.down)) * 4_294_967_296)
  }

  private static func cubeRoot(_ x: Double) -> Double {
    var root = x
    for _ in 0..<100 { root = (2 * root + x / (root * root)) / 3 }
    return root
  }
}
