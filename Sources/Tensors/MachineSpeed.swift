import Host

/// The two limits of every computation, measured on this machine with all threads.
public struct MachineSpeed: Sendable {
  /// The multiplications and additions a second of the blocked product, with operands that fit into
  /// the first-level cache.
  public let arithmetic: Double
  /// The bytes a second that are read from memory and written to it by a sum of two tensors that are
  /// larger than the caches.
  public let bandwidth: Double

  /// Measures the limits, which takes about a tenth of a second. Throws `out-of-memory`, and
  /// `Interrupted` after Ctrl-C.
  public static func measured() throws -> MachineSpeed {
    MachineSpeed(arithmetic: try peak(), bandwidth: try streaming())
  }

  private static func peak() throws -> Double {
    let (rows, depth, turns) = (16, 128, 2000)
    let a = try Tensor([Float](repeating: 0.5, count: rows * depth), shape: [rows, depth])
    let b = try Tensor([Float](repeating: 0.5, count: 32 * depth), shape: [2, depth, 16])
    var c = try Tensor(zeros: [Threads.count, 2 * rows * 16])
    let seconds = try least {
      try withElements(a.reading(Float.self), b.reading(Float.self), c.writing(Float.self)) {
        a, b, c in
        parallel(Threads.count, grain: 1) { parts in
          for part in parts {
            for _ in 0..<turns {
              Float.multiply(
                BlockedProduct(
                  rows: rows, blocks: 2, depth: depth, a: a,
                  order: .rows(step: depth, block: 16), b: b, bBlock: 16 * depth,
                  c: c + part * 2 * rows * 16, cBlock: rows * 16))
            }
          }
        }
      }
    }
    return 2 * Double(rows * 32 * depth * turns * Threads.count) / seconds
  }

  private static func streaming() throws -> Double {
    var x = try Tensor(zeros: [16 << 20])
    let y = try Tensor(zeros: x.shape)
    return try 3 * Double(x.byteCount) / least { try x.add(y) }
  }

  /// The least time of a few runs.
  private static func least(_ run: () throws -> Void) throws -> Double {
    var best = Double.infinity
    for _ in 0..<5 {
      let start = monotonicSeconds()
      try run()
      best = min(best, monotonicSeconds() - start)
      try Interrupt.check()
    }
    return best
  }
}
