import COpenBLAS

/// What is asked of the processor.
enum Processor {
  /// 2 where AVX-512 (f, dq, bw, vl, cd) can run, 1 where AVX2 and FMA can, else 0.
  static var vectorLevel: Int { Int(limbeck_vector_level()) }
  /// The processors in this process's mask.
  static var cores: Int { Int(limbeck_cores()) }
  /// A short rest inside a loop that waits.
  @inline(__always) static func pause() { limbeck_pause() }
}
