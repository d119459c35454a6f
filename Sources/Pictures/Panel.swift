import Images
import Host

/// Rows and columns of images and maps with heads, labels and boxes: a contact sheet, or the left
/// half of the paper's Figure 4.
public struct Panel {
  /// Which maps are drawn on one scale, so that equal darkness means equal value.
  public enum Scale: String, Sendable, CaseIterable {
    /// All of them.
    case shared
    /// Those of a row.
    case row
    /// Each for itself.
    case each
  }

  /// The cells, row by row; rows may be of different lengths.
  public var rows: [[Tile]]
  /// Above the columns.
  public var columnLabels: [String] = []
  /// Left of the rows.
  public var rowLabels: [String] = []
  /// Below the cells, in the order of rows.
  public var captions: [String] = []
  /// Boxes to draw in each row's cells, in the pixels of the row's first cell; nil for none.
  public var boxes: [Box?] = []
  /// A box for each cell, in the order of rows, in the cell's own pixels; nil for none.
  public var cellBoxes: [Box?] = []
  /// The line above.
  public var title = ""
  /// Which maps share a scale.
  public var scale = Scale.shared
  /// The part of a scale's values that is not yet black: a few outliers would else leave all
  /// others white.
  public var quantile = 0.995
  /// What the maps show, for the key below; without it there is no key.
  public var key = ""
  /// Screen pixels for one of the picture's own; nil for the whole number that comes nearest to
  /// cells of 96 points.
  public var magnification: Double?
  /// Points between cells.
  public var gap = 5.0

  /// Makes a panel.
  public init(_ rows: [[Tile]]) { self.rows = rows }

  /// A contact sheet: tiles from left to right, top to bottom.
  public init(sheet tiles: [Tile], columns: Int) {
    rows = stride(from: 0, to: tiles.count, by: max(1, columns)).map {
      Array(tiles[$0..<min($0 + max(1, columns), tiles.count)])
    }
  }

  /// The drawing. Throws `no-data` where there is no cell to draw.
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
      size: layout.size
    ) { try layout.draw(panel, on: $0) }
  }
}
