/// An error or a warning with its place: of the parser, of the checker, or of a run.
public struct Diagnostic: Error, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// It stops the run.
    case error
    /// It is said and nothing more.
    case warning
  }

  /// One call of the script that was under way when a run failed.
  public struct Frame: Sendable {
    /// The called function's name; nil for one without.
    public let function: String?
    /// Where it was called; nil when the library called it.
    public let place: Place?
    /// How many such calls follow each other: recursion.
    public var count: Int
    /// Makes a frame.
    public init(function: String?, calledAt place: Place?, count: Int = 1) {
      self.function = function
      self.place = place
      self.count = count
    }
  }

  /// How many syntax errors of one source are reported.
  public static let limit = 100

  /// How bad it is.
  public var severity: Severity
  /// The stable code that `limbeck explain` knows: `undeclared-name`.
  public var kind: String
  /// One line: what was wanted and what came.
  public var message: String
  /// Where; nil when no line of a script is at fault.
  public var place: Place?
  /// What stands after the marked source.
  public var label: String?
  /// Further facts, a line each.
  public var notes: [String]
  /// What to write instead.
  public var hint: String?
  /// The calls that were under way, innermost first.
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
  /// All of them, a blank line between two; of very many, the first and their number.
  public func rendered(columns: Int = 100) -> String {
    let all = Array(self)
    var text = all.prefix(Diagnostic.limit).map { $0.rendered(columns: columns) }
      .joined(separator: "\n")
    if all.count > Diagnostic.limit { text += "\n... \(all.count - Diagnostic.limit) more\n" }
    return text
  }

  /// In the order of their sources, and of their places in each; those without a place come last.
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
