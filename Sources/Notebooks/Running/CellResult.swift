import Engine

/// Something that a cell gave.
public enum CellOutput: Equatable, Codable, Sendable {
  /// Text of standard output, or of standard error.
  case text(String, isReport: Bool)
  /// The last state of a line of progress.
  case progress(String)
  /// The value of the cell, as text.
  case result(String)
  /// A picture or a table.
  case display(DisplayForms)
  /// An error or a warning, as text.
  case problem(kind: String, text: String, isError: Bool)
}

/// What became of a cell.
public struct CellResult: Equatable, Codable, Sendable {
  /// What it gave, in order.
  public var outputs: [CellOutput] = []
  /// How long it ran.
  public var seconds = 0.0
  /// The most memory in use while it ran, in bytes.
  public var peak = 0
  /// Whether it has run; false for prose, and after an error.
  public var hasRun = false
  /// Whether it is from the cache: the outputs, time and memory are those of the run that is kept.
  public var isReused = false
  /// Why what it gave is not kept, if it should be: `calls clock`.
  public var reason: String?
  private var isLineOpen = false
  /// The pictures that were written to a file and not shown since.
  private var saved: [DisplayForms] = []

  /// Creates the result of a cell that has not run.
  public init() {}

  /// Adds what the cell gives. Text is joined, and a picture that is both shown and written to a file
  /// counts once; one that is shown twice counts twice.
  mutating func add(_ given: Given) {
    switch given {
    case .text(let text, let isReport):
      var whole = text
      if case .text(let before, isReport)? = outputs.last {
        // Removed first, so that it is not copied at each print.
        whole = before
        outputs.removeLast()
        whole += text
      }
      outputs.append(.text(whole, isReport: isReport))
    case .display(let forms, isSaved: true):
      if outputs.contains(.display(forms)) { return }
      outputs.append(.display(forms))
      saved.append(forms)
    case .display(let forms, isSaved: false):
      if let i = saved.firstIndex(of: forms) {
        saved.remove(at: i)
      } else {
        outputs.append(.display(forms))
      }
    case .progress(let line, let isLast):
      if isLineOpen, let i = outputs.lastIndex(where: \.isProgress) {
        outputs[i] = .progress(line)
      } else {
        outputs.append(.progress(line))
      }
      isLineOpen = !isLast
    }
  }
}

extension CellOutput {
  fileprivate var isProgress: Bool { if case .progress = self { true } else { false } }
}
