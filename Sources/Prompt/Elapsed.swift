import Host

/// Durations for people.
enum Elapsed {
  /// A duration as `3.2 s`, `3 min 20 s` or `2 h 5 min`.
  static func text(_ seconds: Double) -> String {
    guard seconds >= 60 else { return "\((seconds * 10).rounded() / 10) s" }
    let whole = Int(min(seconds, 1e12).rounded())
    return whole < 3600
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
