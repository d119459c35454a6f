import Host
import Language
import Pictures

private let picturePath = Argument(
  "path", .string, "the file to write, ending in .png, .svg or .pdf")

/// A figure as a value of the language.
public final class FigureObject: HostObject {
  /// The figure.
  public let figure: Figure
  private let host: Host

  /// Creates an object; `.save(path)` writes to `host`.
  public init(_ figure: Figure, host: Host) {
    self.figure = figure
    self.host = host
  }

  override public var typeName: String { "figure" }
  override public var summary: String { "figure: \(figure.summary)" }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<FigureObject>] = [
    Member(
      "save", "function",
      "`f.save(path)` writes the figure to a file, as PNG, SVG or PDF by its extension."
    ) { .object($0.saver) },
    Member("width", "number", "The width in pixels.") { .number($0.figure.size.width) },
    Member("height", "number", "The height in pixels.") { .number($0.figure.size.height) },
  ]

  /// The method `.save(path)` of this figure. It is a separate builtin because the global `save` is
  /// for models.
  private var saver: Builtin {
    let object = self
    return Builtin(
      "save", "Writes the figure to a file, as PNG, SVG or PDF by its extension.",
      [picturePath],
      examples: [Example("scatter([1, 2], [3, 5]).save(output_dir() + \"/a.svg\")")]
    ) { call in try object.write(to: try call[picturePath], operation: "save") }
  }

  /// Writes the figure in the format of the path's extension.
  func write(to path: String, operation: String) throws {
    switch fileEnding(path) {
    case "png": try host.write(try figure.png(), to: path)
    case "svg": try host.write(try figure.svg(), to: path)
    case "pdf": try host.write(try figure.pdf(), to: path)
    default:
      throw Failure(
        "file-format",
        "\(operation): the path of a figure must end in .png, .svg or .pdf, got \"\(path)\"")
    }
    _ = try host.show(Display(figure, path: path))
  }
}

/// Returns the text after the last dot of a path in lower case; empty if there is no dot.
func fileEnding(_ path: String) -> String {
  let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
  return name[name.index(after: dot)...].lowercased()
}
