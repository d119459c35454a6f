import Host
import Syntax

extension Diagnostic {
  /// Makes a diagnostic of a failure in the library, at a place.
  public init(_ failure: Failure, at place: Place? = nil, traceback: [Frame] = []) {
    self.init(
      failure.kind, failure.message, at: place, label: failure.label, hint: failure.hint,
      traceback: traceback)
  }
}
