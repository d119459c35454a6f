import CCairo
import Host

/// The library that draws, which is loaded when it is needed.
enum Cairo {
  /// Its functions. Throws `library` if it is not installed.
  static func functions() throws -> CairoFunctions { try loaded.get() }

  private static let loaded = Result {
    try SharedLibrary(
      "libcairo.so.2", called: Figure.drawingLibrary.name, package: Figure.drawingLibrary.package,
      for: "a picture"
    ).functions(cairo_names, as: CairoFunctions.self)
  }
}

extension CairoFunctions {
  /// The error of a status.
  func failure(_ status: cairo_status_t) -> Failure {
    let text = status_to_string(status).map { String(cString: $0) } ?? "error \(status.rawValue)"
    return Failure("draw", "draw: cairo: \(text)")
  }
}
