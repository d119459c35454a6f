import Glibc
import Host

/// Checks that damaged files lead to a result or a `Failure`, and never to a crash, a hang or the
/// use of more memory than the limit.
package enum Fuzz {
  /// The factor by which the usual number of rounds is multiplied, from the environment variable
  /// `LIMBECK_FUZZ`.
  package static let factor = getenv("LIMBECK_FUZZ").flatMap { Int(String(cString: $0)) } ?? 1

  /// A case that violated the requirements.
  package struct Finding: Error, CustomStringConvertible {
    package let description: String
  }

  /// Passes mutated versions of the files to a reader. In each, some bytes are changed, removed,
  /// inserted, repeated or cut off. Throws a `Finding` at the first mutant for which the reader
  /// throws anything but a `Failure`, takes more than `seconds` of the thread's processor time, or
  /// increases the memory of the process by more than `bytes`.
  package static func run(
    _ name: String, _ files: [[UInt8]], rounds: Int, seconds: Double = 5, bytes: Int = 600_000_000,
    _ read: ([UInt8]) throws -> Void
  ) throws {
    for (number, file) in files.enumerated() where !file.isEmpty {
      for round in 0..<rounds * factor {
        var draws = Draws(name.utf8.reduce(UInt64(number)) { $0 &* 31 &+ UInt64($1) }, round)
        let mutant = mutated(file, &draws)
        let (start, before) = (now(), peakBytes())
        do { try read(mutant) } catch is Failure {} catch {
          throw Finding(description: "\(name) \(number), round \(round): \(error)")
        }
        let (time, growth) = (now() - start, peakBytes() - before)
        guard time < seconds, growth < bytes else {
          throw Finding(
            description: "\(name) \(number), round \(round): \(time) s, \(growth) bytes")
        }
      }
    }
  }

  private static func mutated(_ file: [UInt8], _ draws: inout Draws) -> [UInt8] {
    var bytes = file
    for _ in 0...draws.below(4) where !bytes.isEmpty {
      // Headers are short and matter most.
      let at = draws.below(2) == 0 ? draws.below(min(400, bytes.count)) : draws.below(bytes.count)
      let value = UInt8(truncatingIfNeeded: draws.next())
      switch draws.below(9) {
      case 0, 1: bytes[at] = value
      case 2, 3: bytes[at] ^= 1 << (value & 7)
      case 4: bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][draws.below(5)]
      case 5: bytes.remove(at: at)
      case 6: bytes.insert(value, at: at)
      case 7:
        let part = bytes[at..<min(bytes.count, at + 1 + draws.below(16))]
        bytes.insert(contentsOf: part, at: draws.below(bytes.count))
      default: if draws.below(4) == 0 { bytes.removeSubrange(at...) }
      }
    }
    return bytes
  }

  private struct Draws {
    private var state: UInt64
    init(_ seed: UInt64, _ round: Int) {
      state = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(round) &* 0xD1B5_4A32_D192_ED03
    }
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  }

  /// The thread's processor time: other work on the machine does not count.
  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Returns the peak memory use of the process.
  private static func peakBytes() -> Int {
    var usage = rusage()
    return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss * 1024 : 0
  }
}
