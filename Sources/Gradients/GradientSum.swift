import Host
import Tensors

/// Sums of tensors over the parts of a batch that this rank has computed.
public enum GradientSum {
  /// The error of parts that do not fit together.
  public static let difference = Failure(
    "parts",
    "minimize: the loss uses other parameters, or reports other numbers, in one part of the batch than in another",
    hint: "in a loop without `parts` it may choose what it uses")

  /// Adds the tensor of one part to that of another.
  static func add(_ sum: inout Tensor, _ part: Tensor) throws {
    guard sum.shape == part.shape, sum.dtype == part.dtype else { throw difference }
    func add<T: Real>(_: T.Type) throws {
      let count = part.count
      try part.read(T.self) { part in
        try sum.write(T.self) { sum in
          parallel(count, grain: 1 << 15) { for k in $0 { sum[k] += part[k] } }
        }
      }
    }
    if sum.dtype == .float64 { try add(Double.self) } else { try add(Float.self) }
  }
}
