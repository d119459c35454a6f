import Glibc
import Host

/// Matrix products by OpenBLAS, which is loaded at the first one and runs on one thread a call: the
/// splitting over threads is ours, in tiles that do not depend on their number.
///
/// OpenBLAS chooses its kernels when it is loaded, and an older one that does not know the processor
/// chooses those of 2004 (63 GFLOP/s for 300). So the type is told it beforehand, unless the user has
/// set OPENBLAS_CORETYPE.
public enum BLAS {
  // The C interface (CBLAS) with sizes of 32 bits, as Debian builds it.
  typealias SGemm =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
      UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void
  typealias DGemm =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>, Int32,
      UnsafePointer<Double>, Int32, Double, UnsafeMutablePointer<Double>, Int32
    ) -> Void
  typealias SGemv =
    @convention(c) (
      Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32,
      Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void
  typealias DGemv =
    @convention(c) (
      Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>, Int32, UnsafePointer<Double>,
      Int32,
      Double, UnsafeMutablePointer<Double>, Int32
    ) -> Void

  struct Functions {
    let sgemm: SGemm
    let dgemm: DGemm
    let sgemv: SGemv
    let dgemv: DGemv
    let coreName: String
  }

  // SAFETY: written once, under `lock`, before any product; read afterwards.
  nonisolated(unsafe) static var functions: Functions?
  nonisolated(unsafe) private static var lock = pthread_mutex_t()

  /// Loads OpenBLAS if that has not been done (some 3 ms). Throws `blas-missing`.
  public static func prepare() throws {
    if functions != nil { return }
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    if functions == nil { functions = try load() }
  }

  /// The kernels in use and the number of threads: `OpenBLAS, SkylakeX kernels, 2 threads`.
  public static var description: String {
    get throws {
      try prepare()
      let threads = Threads.count
      return "OpenBLAS, \(functions?.coreName ?? "") kernels, \(threads) "
        + (threads == 1 ? "thread" : "threads")
    }
  }

  private static func load() throws -> Functions {
    if getenv("OPENBLAS_CORETYPE") == nil {
      switch Processor.vectorLevel {
      case 2: setenv("OPENBLAS_CORETYPE", "SkylakeX", 1)
      case 1: setenv("OPENBLAS_CORETYPE", "Haswell", 1)
      default: break
      }
    }
    // OpenBLAS starts its own threads when it is loaded, unless the environment says one.
    let threads = getenv("OPENBLAS_NUM_THREADS").map { String(cString: $0) }
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    defer {
      if let threads {
        setenv("OPENBLAS_NUM_THREADS", threads, 1)
      } else {
        unsetenv("OPENBLAS_NUM_THREADS")
      }
    }
    guard
      let library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL)
        ?? dlopen("libopenblas.so", RTLD_NOW | RTLD_LOCAL)
    else {
      throw Failure(
        "blas-missing",
        "matrix products need OpenBLAS, and libopenblas.so.0 can't be loaded: "
          + (dlerror().map { String(cString: $0) } ?? "no reason given"),
        hint: "install it: apt-get install libopenblas0-pthread")
    }
    func symbol<T>(_ name: String, as: T.Type) throws -> T {
      guard let pointer = dlsym(library, name) else {
        throw Failure("blas-missing", "the OpenBLAS that was found has no \(name)")
      }
      // SAFETY: names and types are those of the CBLAS interface.
      return unsafeBitCast(pointer, to: T.self)
    }
    try symbol("openblas_set_num_threads", as: (@convention(c) (Int32) -> Void).self)(1)
    let name = try symbol(
      "openblas_get_corename", as: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    return Functions(
      sgemm: try symbol("cblas_sgemm", as: SGemm.self),
      dgemm: try symbol("cblas_dgemm", as: DGemm.self),
      sgemv: try symbol("cblas_sgemv", as: SGemv.self),
      dgemv: try symbol("cblas_dgemv", as: DGemv.self),
      coreName: name.map { String(cString: $0) } ?? "unknown")
  }
}

/// An element type that OpenBLAS multiplies: Float and Double.
public protocol BLASElement: Element, BinaryFloatingPoint, SIMDScalar, Codable, LaneElement {
  /// `BLAS.gemm` for the type.
  static func gemm(
    _ transA: Bool, _ transB: Bool, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Self,
    _ a: UnsafePointer<Self>, _ lda: Int32, _ b: UnsafePointer<Self>, _ ldb: Int32, _ beta: Self,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int32)
  /// y = alpha op(A) x + beta y.
  static func gemv(
    _ trans: Bool, _ rows: Int32, _ columns: Int32, _ alpha: Self, _ a: UnsafePointer<Self>,
    _ lda: Int32, _ x: UnsafePointer<Self>, _ strideX: Int32, _ beta: Self,
    _ y: UnsafeMutablePointer<Self>, _ strideY: Int32)
  /// Computes a product of blocked matrices on the calling thread.
  static func multiply(_ product: BlockedProduct<Self>)
}

// CBLAS's constants.
private let rowMajor: Int32 = 101
@inline(__always) private func order(_ transposed: Bool) -> Int32 { transposed ? 112 : 111 }

extension Float: BLASElement {
  /// See `BLASElement`.
  @inline(__always)
  public static func gemm(
    _ transA: Bool, _ transB: Bool, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Float,
    _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafePointer<Float>, _ ldb: Int32,
    _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
  ) {
    BLAS.functions.unsafelyUnwrapped.sgemm(
      rowMajor, order(transA), order(transB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
  }
  /// See `BLASElement`.
  @inline(__always)
  public static func gemv(
    _ trans: Bool, _ rows: Int32, _ columns: Int32, _ alpha: Float, _ a: UnsafePointer<Float>,
    _ lda: Int32, _ x: UnsafePointer<Float>, _ strideX: Int32, _ beta: Float,
    _ y: UnsafeMutablePointer<Float>, _ strideY: Int32
  ) {
    BLAS.functions.unsafelyUnwrapped.sgemv(
      rowMajor, order(trans), rows, columns, alpha, a, lda, x, strideX, beta, y, strideY)
  }
}

extension Double: BLASElement {
  /// See `BLASElement`.
  @inline(__always)
  public static func gemm(
    _ transA: Bool, _ transB: Bool, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Double,
    _ a: UnsafePointer<Double>, _ lda: Int32, _ b: UnsafePointer<Double>, _ ldb: Int32,
    _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32
  ) {
    BLAS.functions.unsafelyUnwrapped.dgemm(
      rowMajor, order(transA), order(transB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
  }
  /// See `BLASElement`.
  @inline(__always)
  public static func gemv(
    _ trans: Bool, _ rows: Int32, _ columns: Int32, _ alpha: Double, _ a: UnsafePointer<Double>,
    _ lda: Int32, _ x: UnsafePointer<Double>, _ strideX: Int32, _ beta: Double,
    _ y: UnsafeMutablePointer<Double>, _ strideY: Int32
  ) {
    BLAS.functions.unsafelyUnwrapped.dgemv(
      rowMajor, order(trans), rows, columns, alpha, a, lda, x, strideX, beta, y, strideY)
  }
}
