import Host
import Language
import Pictures
import Tensors

/// What limbeck runs on, and how well: for bug reports and slow machines.
public enum Doctor {
  /// The version that `limbeck --version` shows.
  public static let version = "0.1.0"

  /// The lines of `limbeck doctor`.
  public static func report(_ library: Library) -> String {
    let host = library.host
    var rows: [(String, String)] = [("limbeck", version)]
    rows.append(("processor", processor(host)))
    rows.append(("threads", String(Threads.count)))
    rows.append(
      (
        "memory",
        "\(Memory.describe(Memory.limit)) may be used, \(Memory.describe(Memory.current)) are"
      ))
    do {
      rows.append(("products", try BLAS.description))
      rows.append(("speed", try speed(host)))
    } catch {
      rows.append(("products", "\(error)"))
    }
    rows.append(
      (
        "libraries",
        (["cairo \(Figure.drawingLibraryVersion)"] + library.session.libraries)
          .joined(separator: ", ")
      ))
    rows.append(("terminal", library.session.terminalAbility() ?? "none: pictures go to files"))
    rows.append(("stdlib", host.environment("LIMBECK_STDLIB") ?? "in the binary"))
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { "\($0.padded(to: width))  \($1)\n" }.joined()
  }

  private static func processor(_ host: any Host) -> String {
    let text = (try? host.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let lines = text.split(separator: "\n")
    func value(_ key: String) -> Substring? {
      lines.first { $0.hasPrefix(key) }.flatMap { line in
        line.firstIndex(of: ":").map { line[line.index(after: $0)...].drop { $0 == " " } }
      }
    }
    let flags = Set((value("flags") ?? "").split(separator: " "))
    let vectors =
      flags.contains("avx512f") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "SSE"
    return "\(value("model name") ?? "unknown"), \(vectors)"
  }

  /// The best of a few products of 1024 by 1024, float32.
  private static func speed(_ host: any Host) throws -> String {
    let n = 1024
    let a = try Tensor([Float](repeating: 0.5, count: n * n), shape: [n, n])
    var c = try Tensor(zeros: [n, n])
    var best = Double.infinity
    for _ in 0..<5 {
      let start = host.clock()
      try a.read(Float.self) { a in
        try c.write(Float.self) { c in
          try BLAS.parallelGemm(n, n, n, a, lda: n, a, ldb: n, c, ldc: n)
        }
      }
      best = min(best, host.clock() - start)
      try Interrupt.check()
    }
    let rate = 2 * Double(n * n * n) / best / 1e9
    return "\(Int(rate.rounded())) GFLOP/s in float32 products of 1024 × 1024"
  }
}

/// `doctor`.
func doctorBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "doctor", area: "session",
      "Reports the machine, the kernels in use and their speed, the libraries and the terminal.",
      [],
      result: "nil", examples: [Example("doctor()")]
    ) { _ in
      library.host.output(Doctor.report(library))
      return .nil
    }
  ]
}
