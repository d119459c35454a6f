import Formats
import Syntax

/// A cell of a notebook.
public struct Cell: Equatable {
  /// The kinds of cells.
  public enum Kind: String, Sendable {
    /// Code, which is run.
    case code
    /// Prose in Markdown.
    case markdown
    /// Text for other programs, which is kept as it is.
    case raw
  }

  /// Its kind.
  public var kind: Kind
  /// Its text, without the comment marks of prose.
  public var text: String
  /// What Jupyter keeps with a cell: tags, and `title`, the text of the marker line.
  public var metadata: [(name: String, value: JSON)]
  /// Where its code is in the script; empty in a notebook that was not read from a script.
  public var span = Span(0, 0)

  /// Creates a cell.
  public init(_ kind: Kind, _ text: String, metadata: [(name: String, value: JSON)] = []) {
    (self.kind, self.text, self.metadata) = (kind, text, metadata)
  }

  /// A field of the metadata.
  public subscript(_ name: String) -> JSON? {
    get { metadata.first { $0.name == name }?.value }
    set {
      metadata.removeAll { $0.name == name }
      if let newValue { metadata.append((name, newValue)) }
    }
  }

  /// The title; empty if it has none.
  public var title: String { if case .string(let text)? = self["title"] { text } else { "" } }

  /// Whether what it gives is kept on disk: `# %% expensive`, with or without a title, or a tag.
  public var isExpensive: Bool {
    has(tag: Cell.expensive) || title == Cell.expensive || title.hasPrefix(Cell.expensive + " ")
  }
  private static let expensive = "expensive"

  /// The title as a page shows it.
  public var heading: String {
    title == Cell.expensive
      ? ""
      : title.hasPrefix(Cell.expensive + " ")
        ? String(title.dropFirst(Cell.expensive.count + 1)) : title
  }

  /// The first line of its text.
  public var firstLine: String {
    text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
  }

  /// Whether it has a tag.
  public func has(tag: String) -> Bool {
    guard case .array(let tags)? = self["tags"] else { return false }
    return tags.contains(.string(tag))
  }

  /// Compares kind, text and metadata, not the place in a script.
  public static func == (a: Cell, b: Cell) -> Bool {
    a.kind == b.kind && a.text == b.text
      && JSON.object(a.metadata.map { ($0, $1) }) == JSON.object(b.metadata.map { ($0, $1) })
  }
}

/// A notebook: cells, and what Jupyter keeps with all of them.
public struct Notebook: Equatable {
  /// The metadata, such as the kernel that it was written for.
  public var metadata: JSON
  /// The cells.
  public var cells: [Cell]

  /// Whether it has prose, which a page shows as HTML.
  var hasProse: Bool { cells.contains { $0.kind == .markdown } }

  /// Creates a notebook.
  public init(metadata: JSON = .object([]), cells: [Cell]) {
    (self.metadata, self.cells) = (metadata, cells)
  }
}

/// The names of the metadata that keep how a cell was written in a script.
enum ScriptMark {
  /// How many empty lines follow the cell, if it is not one.
  static let lines = "lines_to_next_cell"
  /// True for a cell of code without a marker line: at the start of a script, or after prose.
  static let unmarked = "unmarked"
  /// How many `%` the marker has in addition to two.
  static let depth = "cell_depth"
  /// The kind as the marker line writes it, if not by its own name: `[md]`.
  static let region = "region_name"
}
