import COpenBLAS

/// Properties of the processor.
enum Processor {
  /// 2 if AVX-512 (f, dq, bw, vl, cd) is available, 1 if AVX2 and FMA are, otherwise 0.
  static var vectorLevel: Int { Int(limbeck_vector_level()) }
  /// The number of processors in the affinity mask of this process.
  static var cores: Int { Int(limbeck_cores()) }
  /// A short pause for spin loops.
  @inline(__always) static func pause() { limbeck_pause() }
}
