/// Durations for people.
public enum Elapsed {
  /// A duration as `42 µs`, `3.2 s`, `3 min 20 s` or `2 h 5 min`. Below a minute it has at least so many
  /// significant digits, unless they are zeros.
  public static func text(_ seconds: Double, digits: Int = 2) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "long" }
    let seconds = max(0, seconds)
    let whole = Int(seconds.rounded())
    if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    if whole >= 60 { return "\(whole / 60) min \(whole % 60) s" }
    if seconds >= 1 || seconds == 0 { return "\(rounded(seconds, digits)) s" }
    return seconds < 1e-3
      ? "\(rounded(seconds * 1e6, digits)) µs" : "\(rounded(seconds * 1e3, digits)) ms"
  }

  private static func rounded(_ x: Double, _ digits: Int) -> String {
    var (scale, most) = (1.0, 1.0)
    for _ in 1..<digits { most *= 10 }
    while scale < most, x * scale < most { scale *= 10 }
    let result = (x * scale).rounded() / scale
    return result == result.rounded() ? String(Int(result)) : "\(result)"
  }
}
