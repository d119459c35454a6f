import Glibc
import Host
import Synchronization

/// Matrix products by OpenBLAS, which is loaded on first use and runs on one thread per call. Work
/// is distributed over threads here, in tiles that do not depend on the number of threads.
///
/// OpenBLAS selects its kernels when it is loaded. A version that is older than the processor
/// selects kernels from 2004 (63 GFLOP/s instead of 300). Therefore the core type is set
/// beforehand, unless the user has set OPENBLAS_CORETYPE.
public enum BLAS {
  // The C interface (CBLAS) with 32-bit sizes, as in Debian's build.
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

  /// The functions for one element type, with a common type for both element types.
  public struct Products<T> {
    let gemm:
      (
        Int32, Int32, Int32, Int32, Int32, Int32, T, UnsafePointer<T>, Int32, UnsafePointer<T>,
        Int32, T, UnsafeMutablePointer<T>, Int32
      ) -> Void
    let gemv:
      (
        Int32, Int32, Int32, Int32, T, UnsafePointer<T>, Int32, UnsafePointer<T>, Int32, T,
        UnsafeMutablePointer<T>, Int32
      ) -> Void
  }

  struct Functions {
    let float: Products<Float>
    let double: Products<Double>
    let library: UnsafeMutableRawPointer
    let coreName: String
  }

  // SAFETY: written once, under `lock`, before any product; only read afterwards.
  nonisolated(unsafe) static var functions: Functions?
  private static let lock = Mutex(())

  /// Loads OpenBLAS if it is not loaded yet (some 3 ms). Throws `blas-missing`.
  public static func prepare() throws {
    try lock.withLock { _ in if functions == nil { functions = try load() } }
  }

  /// The kernels in use: two processors with the same ones compute the same numbers.
  public static var kernels: String {
    get throws {
      try prepare()
      let vectors = ["SSE", "AVX2", "AVX-512"][Processor.vectorLevel]
      return "\(vectors), OpenBLAS \(functions?.coreName ?? "")"
    }
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
    // OpenBLAS starts its own threads when it is loaded, unless the environment limits it to one.
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
    func symbol<T>(_ name: String, as type: T.Type) throws -> T {
      try BLAS.symbol(name, in: library, as: type)
    }
    try symbol("openblas_set_num_threads", as: (@convention(c) (Int32) -> Void).self)(1)
    let name = try symbol(
      "openblas_get_corename", as: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    return Functions(
      float: Products(
        gemm: try symbol("cblas_sgemm", as: SGemm.self),
        gemv: try symbol("cblas_sgemv", as: SGemv.self)),
      double: Products(
        gemm: try symbol("cblas_dgemm", as: DGemm.self),
        gemv: try symbol("cblas_dgemv", as: DGemv.self)),
      library: library,
      coreName: name.map { String(cString: $0) } ?? "unknown")
  }

  private static func symbol<T>(
    _ name: String, in library: UnsafeMutableRawPointer?, as: T.Type
  ) throws -> T {
    guard let library, let pointer = dlsym(library, name) else {
      throw Failure("blas-missing", "the OpenBLAS that was found has no \(name)")
    }
    // SAFETY: names and types are those of the interfaces of CBLAS and LAPACK.
    return unsafeBitCast(pointer, to: T.self)
  }

  /// One of LAPACK's functions, which an OpenBLAS may have been built without. Throws `blas-missing`.
  static func function<T>(_ name: String, as type: T.Type) throws -> T {
    try prepare()
    return try symbol(name, in: functions?.library, as: type)
  }
}

/// An element type supported by OpenBLAS: Float and Double.
public protocol BLASElement: Element, BinaryFloatingPoint, SIMDScalar, Codable, LaneElement {
  /// OpenBLAS's functions for the type; `BLAS.prepare` must have been called.
  static var products: BLAS.Products<Self> { get }
  /// Computes a product of blocked matrices on the calling thread.
  static func multiply(_ product: BlockedProduct<Self>)
}

extension Float: BLASElement {
  /// See `BLASElement`.
  public static var products: BLAS.Products<Float> { BLAS.functions.unsafelyUnwrapped.float }
}

extension Double: BLASElement {
  /// See `BLASElement`.
  public static var products: BLAS.Products<Double> { BLAS.functions.unsafelyUnwrapped.double }
}
