import Host
import Language
import Pictures

extension Library {
  /// The text that the prompt shows for a result, empty for nil. A figure or image is drawn on the
  /// way where the terminal can show one.
  public func display(_ value: Value) throws -> String {
    switch value {
    case .nil, .unset: return ""
    case .object(let object) where drawsItself(object):
      do {
        if let bitmap = try Library.bitmap(of: value) {
          if bitmap.isStretched { note(DrawnPixels.note) }
          _ = host.show(rgb: bitmap.rgb, width: bitmap.width, height: bitmap.height)
        }
      } catch is Failure {
        // What can't be drawn, an image with NaN, is still described.
      }
      return value.display(columns: host.columns)
    default: return value.display(columns: host.columns)
    }
  }

  /// Figures where the terminal has pixels, since letters drawn in blocks can't be read; records
  /// and images everywhere.
  private func drawsItself(_ object: HostObject) -> Bool {
    guard host.outputIsTerminal, let ability = session.terminalAbility() else { return false }
    if object is FigureObject { return !ability.hasPrefix("symbols") }
    return object.typeName == "record" || object.typeName == "image"
  }

  /// The names of the builtins that can be called on a type with a dot.
  public func methodNames(of type: String) -> [String] {
    builtins.values.filter { $0.methodOf.contains(type) }.map(\.name)
  }
}
