import Host
import Images

extension Figure {
  /// The space between the parts of a figure.
  private static let partGap = 8.0

  /// Makes a figure of several, in rows. Parts in a row have the same height and parts in a column
  /// the same width; those that cannot be laid out in another size keep theirs, or become smaller.
  /// `size` is that of the whole; nil gives every part the size that it has by itself. Throws
  /// `no-data` without parts, and `picture-size` if a part has too little room.
  public static func arranged(_ rows: [[Figure?]], title: String = "", size: Size? = nil) throws
    -> Figure
  {
    let parts = rows.joined().compactMap { $0 }
    let columns = rows.map(\.count).max() ?? 0
    guard !parts.isEmpty else {
      throw Failure("no-data", "draw: a figure needs at least one part that is not nil")
    }
    let canvas = try Canvas.measuring()
    let grid = Grid(rows, columns: columns)
    let natural = grid.size
    let font = Canvas.Font(size: 15, bold: true)
    let edge = Canvas.edge
    let width = size?.width ?? natural.width
    let head = TextBlock(title, font, limit: width - 2 * edge, on: canvas)
    let top = head.lines.isEmpty ? 0 : edge + head.height
    let whole = size ?? Size(width: width, height: natural.height + top)
    let places = grid.places(in: Size(width: whole.width, height: whole.height - top), top: top)
    guard places.allSatisfy({ $0.allSatisfy { min($0.width, $0.height) >= 1 } }) else {
      throw Failure(
        "picture-size",
        "draw: \(Int(whole.width)) × \(Int(whole.height)) points are too few for \(rows.count) × "
          + "\(columns) figures", hint: "give a larger size")
    }
    let drawn = try zip(rows, places).map { row, boxes in
      try zip(row, boxes).map { part, box in
        (try part?.fitted(to: Size(width: box.width, height: box.height)), box)
      }
    }
    let count = "\(parts.count) \(parts.count == 1 ? "figure" : "figures")"
    return Figure(
      "\(count) in \(rows.count) × \(columns)", title: title,
      description: parts.map { ($0.title.isEmpty ? "" : $0.title + ": ") + $0.words }
        .joined(separator: ". "),
      size: whole,
      resized: { try arranged(rows, title: title, size: $0) },
      draw: { canvas in
        head.draw(x: whole.width / 2, y: edge, anchor: .middle, on: canvas)
        for (figure, box) in drawn.joined() { try figure?.draw(in: box, on: canvas) }
      })
  }

  /// The widths of the columns and the heights of the rows, which their largest parts decide.
  private struct Grid {
    let widths: [Double]
    let heights: [Double]

    init(_ rows: [[Figure?]], columns: Int) {
      widths = (0..<columns).map { c in
        rows.map { c < $0.count ? $0[c]?.size.width ?? 0 : 0 }.max() ?? 0
      }
      heights = rows.map { $0.map { $0?.size.height ?? 0 }.max() ?? 0 }
    }

    var size: Size {
      Size(width: Grid.total(widths), height: Grid.total(heights))
    }

    private static func total(_ sides: [Double]) -> Double {
      sides.reduce(0, +) + partGap * Double(max(0, sides.count - 1))
    }

    /// A box for each place, in a size that is divided in proportion to widths and heights.
    func places(in size: Size, top: Double) -> [[Box]] {
      func scaled(_ sides: [Double], to whole: Double) -> [Double] {
        let gaps = partGap * Double(max(0, sides.count - 1))
        let sum = sides.reduce(0, +)
        return sides.map { sum > 0 ? $0 * (whole - gaps) / sum : 0 }
      }
      let (widths, heights) = (scaled(widths, to: size.width), scaled(heights, to: size.height))
      var y = top
      return heights.map { height in
        var x = 0.0
        defer { y += height + partGap }
        return widths.map { width in
          defer { x += width + partGap }
          return Box(x: x, y: y, width: width, height: height)
        }
      }
    }
  }
}
