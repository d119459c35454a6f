import Glibc
import Host

/// The functions of LAPACK, which OpenBLAS contains, as Fortran calls them: every argument is a
/// pointer, matrices are stored column by column, and the lengths of texts follow at the end.
/// Matrices are decomposed in float64, whatever their type.
enum LAPACK {
  typealias Text = UnsafePointer<CChar>
  typealias Size = UnsafePointer<Int32>
  typealias Info = UnsafeMutablePointer<Int32>
  typealias Numbers = UnsafeMutablePointer<Double>
  typealias Work = UnsafeMutablePointer<Int32>

  /// Singular values and vectors.
  typealias GESDD =
    @convention(c) (
      Text, Size, Size, Numbers, Size, Numbers, Numbers, Size, Numbers, Size, Numbers, Size, Work,
      Info, Int
    ) -> Void
  /// Eigenvalues and eigenvectors of a symmetric matrix.
  typealias SYEVD =
    @convention(c) (
      Text, Text, Size, Numbers, Size, Numbers, Numbers, Size, Work, Size, Info, Int, Int
    ) -> Void
  /// The Cholesky factor.
  typealias POTRF = @convention(c) (Text, Size, Numbers, Size, Info, Int) -> Void
  /// The QR decomposition; Q as reflections.
  typealias GEQRF =
    @convention(c) (Size, Size, Numbers, Size, Numbers, Numbers, Size, Info) -> Void
  /// Q as a matrix, from its reflections.
  typealias ORGQR =
    @convention(c) (Size, Size, Size, Numbers, Size, Numbers, Numbers, Size, Info) -> Void
  /// The LU decomposition.
  typealias GETRF = @convention(c) (Size, Size, Numbers, Size, Work, Info) -> Void
  /// The reciprocal of the condition number, from the LU decomposition.
  typealias GECON =
    @convention(c) (Text, Size, Numbers, Size, Numbers, Numbers, Numbers, Work, Info, Int) -> Void
  /// The solution of equations, from the LU decomposition.
  typealias GETRS =
    @convention(c) (Text, Size, Size, Numbers, Size, Work, Numbers, Size, Info, Int) -> Void

  /// Calls a function that first says how large its working memory must be: `run` gets the memory and
  /// its size, which is -1 in the first call.
  static func withWork(_ run: (Numbers, Int32) -> Void) {
    var size = 0.0
    run(&size, -1)
    guard size < Double(Int32.max) else { return }
    var work = [Double](repeating: 0, count: max(1, Int(size)))
    run(&work, Int32(work.count))
  }
}

extension Tensor {
  /// The matrices along the last two axes as float64, for LAPACK. Throws `shape` if a matrix has no
  /// elements or is too large, and `not-finite`.
  func matrices(in operation: String, square: Bool = false) throws -> Tensor {
    let isFit =
      rank >= 2 && (!square || shape[rank - 1] == shape[rank - 2])
      && shape.suffix(2).allSatisfy { $0 > 0 && $0 < Int(Int32.max) }
    guard isFit else {
      let wanted = square ? "a square matrix [n, n]" : "a matrix [m, n]"
      throw Failure(
        "shape",
        "\(operation): expected \(wanted) with elements, or several along leading axes, got "
          + Tensor.describe(shape))
    }
    try refuseNotFinite(in: operation)
    return try cast(to: .float64)
  }

  /// Throws `not-finite` if an element is NaN or infinite.
  func refuseNotFinite(in operation: String) throws {
    guard try mapped(.isfinite).all().element(0) != 0 else {
      throw Failure("not-finite", "\(operation): the matrix holds NaN or infinite numbers")
    }
  }

  /// Calls `body` for each matrix along the last two axes, with its number.
  func eachMatrix(_ body: (Int) throws -> Void) throws {
    for i in 0..<shape.dropLast(2).reduce(1, *) {
      try Interrupt.check()
      try body(i)
    }
  }

  /// Which of several matrices is meant, for a message: ` (matrix 3)`, or nothing if there is one.
  func naming(_ matrix: Int) -> String { rank == 2 ? "" : " (matrix \(matrix))" }

  /// The tensor with its last two axes exchanged: each matrix transposed.
  public func matrixTransposed() throws -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(rank - 2, rank - 1)
    return try transposed(order)
  }
}
