import Formats
import Host
import Images
import Language
import Patterns
import Pictures
import Ranks
import Tensors

/// A report on the machine and its speed, for bug reports and for investigating slow machines.
public enum Doctor {
  /// The version that `limbeck --version` shows.
  public static let version = "0.1.0"

  /// Returns the lines of `limbeck doctor`.
  public static func page(_ library: Library) -> String {
    let host = library.host
    var rows: [(String, String)] = [("limbeck", version)]
    func add(_ name: String, _ text: String) { rows.append((name, text)) }
    add("processor", processor(host))
    add("threads", String(Threads.count))
    add("ranks", Ranks.description(cores: cores(host)))
    let memory = Memory.current
    add(
      "memory",
      "\(Memory.describe(memory.limit)) may be used, \(Memory.describe(memory.used)) are")
    do {
      add("products", try BLAS.description)
      add("speed", try speed(host))
      add(
        "results",
        "do not depend on the number of threads: OpenBLAS, which promises that for one number of "
          + "its own only, is called on one thread and the splitting is Limbeck's")
    } catch {
      add("products", "\(error)")
    }
    let formats = LoadedFormat.allCases.map { format in
      format.library.name + (format.isThere ? "" : " missing (\(format.library.package))")
    }
    let others = [
      present(Zip.library, Zip.libraryVersion), present(Pattern.library, Pattern.libraryVersion),
    ]
    add(
      "libraries",
      (libraries(library) + formats + others + library.run.loadedLibraries())
        .joined(separator: ", "))
    add("terminal", library.run.terminalAbility() ?? "none: pictures go to files")
    add("stdlib", host.environment("LIMBECK_STDLIB") ?? "in the binary")
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { "\($0.padded(to: width))  \($1)\n" }.joined()
  }

  /// Returns the number of cores that this process may use.
  private static func cores(_ host: any Host) -> Int {
    let text = (try? host.read("/proc/self/status")).map { String(decoding: $0, as: UTF8.self) }
    let line = text?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    return (line ?? "").dropFirst(18).split { ", \t".contains($0) }.reduce(0) { count, range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      return count + (ends.last ?? 0) - (ends.first ?? 1) + 1
    }
  }

  /// Returns the libraries that results may depend on, with their versions.
  static func libraries(_ library: Library) -> [String] {
    [present(Figure.drawingLibrary, Figure.drawingLibraryVersion)] + library.run.libraries
  }

  /// Returns a library with its version, or with the Debian package that it lacks.
  private static func present(_ library: (name: String, package: String), _ version: String?)
    -> String
  {
    "\(library.name) \(version ?? "missing (\(library.package))")"
  }

  /// Returns the name of the processor and its vector instructions.
  static func processor(_ host: any Host) -> String {
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

  /// Returns the best speed of a few 1024 by 1024 matrix products in float32.
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
    let limits = try MachineSpeed.measured()
    let peak = limits.arithmetic / 1e9
    return "\(Int(rate.rounded())) GFLOP/s in float32 products of 1024 × 1024, "
      + "\(Int((rate / peak * 100).rounded())) % of the \(Int(peak.rounded())) GFLOP/s of "
      + "convolutions' kernel on data in the first cache; "
      + "\(Int((limits.bandwidth / 1e9).rounded())) GB/s between memory and processor"
  }
}

/// The builtin `doctor`.
func doctorBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "doctor",
      "Reports the machine, the kernels in use and their speed, the libraries and the terminal.",
      searchTerms: ["version", "system information", "BLAS"], [],
      examples: [Example("doctor()")],
      traits: .touchesHidden
    ) { _ in library.host.output(Doctor.page(library)) },
    Builtin(
      "kernels", "Names the kernels that this processor computes with.",
      details: """
        With the same kernels the same program gives the same numbers, bit for bit, whatever the number of \
        threads; with others the last bits may differ.
        """,
      searchTerms: ["processor", "AVX"], [], result: "string", examples: [Example("kernels()")],
      traits: .touchesHidden
    ) { _ in Value(try BLAS.kernels) },
  ]
}
