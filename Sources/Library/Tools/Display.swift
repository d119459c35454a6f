import Host
import Language
import Pictures

extension Library {
  /// Returns the text that the prompt shows for a result; empty for nil. As a side effect, a
  /// figure, record or image is drawn in the terminal. If the terminal can only draw blocks, in
  /// which letters are illegible, a figure is also written to a file.
  public func display(_ value: Value) throws -> String {
    switch value {
    case .nil, .unset: return ""
    case .object(let object) where drawsItself(object):
      let text = value.display(columns: host.columns)
      do {
        guard let bitmap = try Library.bitmap(of: value) else { return text }
        if bitmap.isStretched { note(DrawnPixels.note) }
        let isShown = host.show(rgb: bitmap.rgb, width: bitmap.width, height: bitmap.height)
        guard let figure = object as? FigureObject, !(isShown && hasPixels) else { return text }
        return "\(text)\n\(try keepPicture(figure.figure.png()))"
      } catch is Failure {
        // A value that cannot be drawn, such as an image with NaN, is still described.
        return text
      }
    default: return value.display(columns: host.columns)
    }
  }

  private func drawsItself(_ object: HostObject) -> Bool {
    host.outputIsTerminal
      && (object is FigureObject || object is RecordObject)
  }

  /// Whether the terminal draws in pixels, so that letters are legible.
  private var hasPixels: Bool {
    run.terminalAbility().map { !$0.hasPrefix("symbols") } ?? false
  }

  /// Returns the sorted names of the builtins that can be called as methods of a type.
  public func methodNames(of type: String) -> [String] {
    builtins.values.filter { $0.methodOf.contains(type) }.map(\.name).sorted()
  }
}
