import CVectors

extension Float {
  /// See `BLASElement`.
  public static func transpose(
    _ from: UnsafePointer<Float>, sign: UnsafePointer<Float>?, step: Int,
    to target: UnsafeMutablePointer<Float>, targetStep: Int
  ) {
    if let sign {
      limbeck_transpose_positive(from, sign, step, target, targetStep)
    } else {
      limbeck_transpose(from, step, target, targetStep)
    }
  }
}

extension Double {
  /// See `BLASElement`.
  public static func transpose(
    _ from: UnsafePointer<Double>, sign: UnsafePointer<Double>?, step: Int,
    to target: UnsafeMutablePointer<Double>, targetStep: Int
  ) {
    for i in 0..<16 {
      for j in 0..<16 {
        let isKept = sign.map { $0[i * step + j] > 0 } ?? true
        target[j * targetStep + i] = isKept ? from[i * step + j] : 0
      }
    }
  }
}
