import Images
import Host

/// Rows and columns of images and maps with headings, labels and boxes: a contact sheet, or the
/// left half of the paper's Figure 4.
public struct Panel {
  /// Which maps share a scale, so that equal darkness means equal value.
  public enum Scale: String, Sendable, CaseIterable {
    /// All of them.
    case shared
    /// Those of a row.
    case row
    /// Each map alone.
    case each
  }

  /// The cells, row by row; rows may be of different lengths.
  public var rows: [[Tile]]
  /// The headings of the columns.
  public var columnLabels: [String] = []
  /// The labels to the left of the rows.
  public var rowLabels: [String] = []
  /// The captions below the cells, row by row.
  public var captions: [String] = []
  /// Boxes to draw in each row's cells, in the pixels of the row's first cell; nil for none.
  public var boxes: [Box?] = []
  /// A box for each cell, row by row, in the cell's own pixels; nil for none.
  public var cellBoxes: [Box?] = []
  /// The title.
  public var title = ""
  /// Which maps share a scale.
  public var scale = Scale.shared
  /// The fraction of a scale's values that are not black: otherwise a few outliers would leave all
  /// others white.
  public var quantile = 0.995
  /// What the maps show, for the key below; if empty, there is no key.
  public var key = ""
  /// The factor by which pixels are enlarged; nil chooses the whole number that makes cells closest
  /// to 96 points.
  public var magnification: Double?
  /// The space between cells in points.
  public var gap = 5.0

  /// Makes a panel.
  public init(_ rows: [[Tile]]) { self.rows = rows }

  /// Makes a contact sheet: tiles from left to right, top to bottom.
  public init(sheet tiles: [Tile], columns: Int) {
    rows = stride(from: 0, to: tiles.count, by: max(1, columns)).map {
      Array(tiles[$0..<min($0 + max(1, columns), tiles.count)])
    }
  }

  /// Whether its maps may have negative numbers.
  var isSigned: Bool { rows.joined().contains { $0.map?.isSigned == true } }

  /// The drawing. Throws `no-data` if there is no cell to draw.
  public func figure() throws -> Figure {
    guard rows.contains(where: { $0.contains { $0.pixels != nil } }) else {
      throw Failure("no-data", "draw: there is no picture to draw")
    }
    let layout = try PanelLayout(self)
    let panel = self
    let count = rows.reduce(0) { $0 + $1.count }
    let columns = rows.map(\.count).max() ?? 0
    return Figure(
      "\(count) \(count == 1 ? "picture" : "pictures") in \(rows.count) × \(columns)",
      title: title, description: description, size: layout.size
    ) { try layout.draw(panel, on: $0) }
  }

  /// The most captions that the description lists.
  private static let most = 48

  /// The headings, labels and captions, in words.
  private var description: String {
    func list(_ kind: String, _ texts: [String]) -> String? {
      let texts = texts.filter { !$0.isEmpty }
      return texts.isEmpty || texts.count > Panel.most
        ? nil : "\(kind): \(texts.joined(separator: ", "))"
    }
    return [
      list("columns", columnLabels), list("rows", rowLabels), list("captions", captions),
      list("key", [key]),
    ].compactMap { $0 }.joined(separator: "; ")
  }
}
