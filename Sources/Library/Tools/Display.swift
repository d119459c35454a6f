import Host
import Language
import Pictures

extension Library {
  /// Returns the text that a front end shows for a result; empty for nil. As a side effect, a
  /// figure, record or table is displayed. On a terminal that can only draw blocks, in which letters
  /// are illegible, a figure is also written to a file.
  public func display(_ value: Value) throws -> String {
    switch value {
    case .nil, .unset: return ""
    case .object(let object)
    where object is FigureObject || object is RecordObject || object is TableObject:
      let text = value.display(columns: host.columns)
      do {
        guard let display = try display(of: value) else { return text }
        switch try host.show(display) {
        case .inDocument: return ""
        case .nowhere, .inBlocks:
          guard host.outputIsTerminal, let figure = object as? FigureObject else { return text }
          return "\(text)\n\(try keepPicture(figure.figure.png()))"
        case .inPixels: return text
        }
      } catch is Failure {
        // A value that cannot be drawn, such as an image with NaN, is still described.
        return text
      }
    default: return value.display(columns: host.columns)
    }
  }

  /// Returns the sorted names of the builtins that can be called as methods of a type.
  public func methodNames(of type: String) -> [String] {
    builtins.values.filter { $0.methodOf.contains(type) }.map(\.name).sorted()
  }
}
