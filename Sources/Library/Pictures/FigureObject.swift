import Host
import Language
import Pictures

/// A figure as the language sees it.
public final class FigureObject: HostObject {
  /// The figure.
  public let figure: Figure
  private let host: Host

  /// Makes an object; `host` is where `.save(path)` writes.
  public init(_ figure: Figure, host: Host) {
    self.figure = figure
    self.host = host
  }

  override public var typeName: String { "figure" }
  override public var summary: String { "figure: \(figure.summary)" }

  override public class var members: [Member] { declared }
  private static let declared = [
    Member(
      "save", "function", "`f.save(path)` writes the figure to a file, PNG or SVG by its ending.",
      of: FigureObject.self
    ) { .builtin($0.saver) },
    Member("width", "number", "The width in pixels.", of: FigureObject.self) {
      .number($0.figure.size.width)
    },
    Member("height", "number", "The height in pixels.", of: FigureObject.self) {
      .number($0.figure.size.height)
    },
  ]

  /// `.save(path)` of this figure: a builtin of its own, because the global `save` is the models'.
  private var saver: Builtin {
    let object = self
    return Builtin(
      "save", "Writes the figure to a file, PNG or SVG by its ending.",
      [.required("path", .string, "where to; the ending is .png or .svg")], result: "nil",
      examples: [Example("scatter([1, 2], [3, 5]).save(output_dir() + \"/a.svg\")")]
    ) { call in
      try object.write(to: try call.string("path"), operation: "save")
      return .nil
    }
  }

  /// Writes the figure as its path's ending says.
  func write(to path: String, operation: String) throws {
    switch fileEnding(path) {
    case "png": try host.write(try figure.png(), to: path)
    case "svg": try host.write(try figure.svg(), to: path)
    default:
      throw Failure(
        "file-format", "\(operation): a figure is written as .png or .svg, got \"\(path)\"")
    }
  }
}

/// What stands after a path's last dot, in lower case; empty if there is none.
func fileEnding(_ path: String) -> String {
  let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
  return name[name.index(after: dot)...].lowercased()
}

extension ParameterType {
  /// A figure.
  static let figure = ParameterType.object("figure", FigureObject.self)
}
