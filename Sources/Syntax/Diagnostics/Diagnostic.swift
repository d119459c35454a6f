/// An error or a warning with its place, reported by the parser, by the checker or during a run.
public struct Diagnostic: Error, Sendable {
  /// The severity of a diagnostic.
  public enum Severity: String, Sendable {
    /// It stops the run.
    case error
    /// It is reported and has no further effect.
    case warning
  }

  /// A call of the script that was active when a run failed.
  public struct Frame: Sendable {
    /// The name of the called function; nil for an anonymous one.
    public let function: String?
    /// Where it was called; nil if the library called it.
    public let place: Place?
    /// The number of such calls in succession: recursion.
    public var count: Int
    /// Makes a frame.
    public init(function: String?, calledAt place: Place?, count: Int = 1) {
      self.function = function
      self.place = place
      self.count = count
    }
  }

  /// The maximum number of syntax errors that are reported for one source.
  public static let limit = 100

  /// Its severity.
  public var severity: Severity
  /// The stable code that `limbeck explain` accepts, such as `undeclared-name`.
  public var kind: String
  /// One line: what was expected and what was found.
  public var message: String
  /// The place; nil if the error is not at a line of a script.
  public var place: Place?
  /// The text shown after the marked source.
  public var label: String?
  /// Further facts, one per line.
  public var notes: [String]
  /// A suggestion of what to write instead.
  public var hint: String?
  /// The calls that were active, innermost first.
  public var traceback: [Frame]

  /// Makes a diagnostic.
  public init(
    _ kind: String, _ message: String, severity: Severity = .error, at place: Place? = nil,
    label: String? = nil, notes: [String] = [], hint: String? = nil, traceback: [Frame] = []
  ) {
    self.severity = severity
    self.kind = kind
    self.message = message
    self.place = place
    self.label = label
    self.notes = notes
    self.hint = hint
    self.traceback = traceback
  }
}

extension Sequence where Element == Diagnostic {
  /// All diagnostics, separated by blank lines; if there are very many, only the first ones and
  /// their number.
  public func rendered(columns: Int = 100) -> String {
    let all = Array(self)
    var text = all.prefix(Diagnostic.limit).map { $0.rendered(columns: columns) }
      .joined(separator: "\n")
    if all.count > Diagnostic.limit { text += "\n... \(all.count - Diagnostic.limit) more\n" }
    return text
  }

  /// Sorted in the order of their sources and of their places in each; those without a place come
  /// last.
  public func sortedByPlace() -> [Diagnostic] {
    var order: [ObjectIdentifier: Int] = [:]
    for diagnostic in self {
      guard let place = diagnostic.place else { continue }
      let key = ObjectIdentifier(place.source)
      if order[key] == nil { order[key] = order.count }
    }
    func rank(_ diagnostic: Diagnostic) -> (Int, Int) {
      guard let place = diagnostic.place else { return (.max, 0) }
      return (order[ObjectIdentifier(place.source)] ?? .max, place.span.start)
    }
    return enumerated().sorted {
      let (a, b) = (rank($0.element), rank($1.element))
      return a == b ? $0.offset < $1.offset : a < b
    }.map(\.element)
  }
}
