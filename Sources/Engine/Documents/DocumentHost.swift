import Host

/// What a script gives while it runs, for a front end that shows it in a document.
public enum Given {
  /// Text of standard output, or of standard error.
  case text(String, isReport: Bool)
  /// A picture or a table. `isSaved` is whether the script writes it to a file; else it shows it.
  case display(DisplayForms, isSaved: Bool)
  /// A line of progress, which replaces the one before it unless that was the last of its kind.
  case progress(String, isLast: Bool)
}

/// The host of a front end that shows what a script gives in a document: everything else goes to
/// another host.
public final class DocumentHost: ForwardingHost {
  /// Called with what is given, on the script's thread.
  public var receive: (Given) -> Void = { _ in }
  private let pngOfAll: Bool

  /// Wraps another host. `pngOfAll` is whether charts also have the form of a PNG file.
  public init(_ base: any Host, pngOfAll: Bool) {
    self.pngOfAll = pngOfAll
    super.init(base)
  }

  /// Passes text of standard output on.
  public override func output(_ text: String) { receive(.text(text, isReport: false)) }
  /// Passes text of standard error on.
  public override func report(_ text: String) { receive(.text(text, isReport: true)) }
  /// False.
  public override var outputIsTerminal: Bool { false }
  /// False.
  public override var reportIsTerminal: Bool { false }
  /// The width of a document's text.
  public override var columns: Int { 80 }
  /// Passes a display on, in all its forms.
  public override func show(_ display: Display) throws -> Shown {
    let forms = try DisplayForms(display, pngOfAll: pngOfAll)
    receive(.display(forms, isSaved: display.path != nil))
    return .inDocument
  }
  /// True.
  public override var redrawsLine: Bool { true }
  /// Passes a line of progress on.
  public override func redraw(_ line: String, isLast: Bool) {
    receive(.progress(line, isLast: isLast))
  }
}
