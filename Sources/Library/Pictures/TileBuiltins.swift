import Images
import Host
import Language
import Pictures
import Tensors

/// Tiles made from values: tensors, records, data sets and lists of these.
extension Tile {
  /// Creates a tile from the image of a record, drawn as it was before its view normalised it.
  init(_ record: RecordObject) throws {
    try self.init(try record.view.samples([0])[0].image, on: record.view.scale(0))
  }

  /// Creates a tile from a tensor [c, h, w] or [h, w], from an object with an `image`, or from nil.
  /// `isSigned` allows negative numbers in a map.
  init?(_ value: Value, isSigned: Bool = false) throws {
    switch value {
    case .nil: self = .empty
    case .object(let object as RecordObject): try self.init(object)
    case .object(let object as TensorObject): try self.init(object.tensor, isSigned: isSigned)
    case .object(let object):
      guard let image = try object.member("image")?.instance(of: TensorObject.self) else {
        return nil
      }
      try self.init(image.tensor)
    default: return nil
    }
  }

  /// Returns the tiles of a list, of a tensor [n, c, h, w], or of a value that yields images when
  /// iterated over.
  static func list(_ value: Value, isSigned: Bool = false) throws -> [Tile]? {
    switch value {
    case .list(let list): return try list.items.mapAll { try Tile($0, isSigned: isSigned) }
    case .object(let object as TensorObject):
      switch object.tensor.rank {
      case 4,
        3 where object.tensor.shape[0] != 1 && object.tensor.shape[0] != 3:
        // All tiles share one scale, so that they can be compared.
        let scale = PixelScale(of: object.tensor)
        return try (0..<object.tensor.shape[0]).map { try Tile(object.tensor.item($0), on: scale) }
      default: return [try Tile(object.tensor)]
      }
    case .object(let object):
      if let tile = try Tile(value) { return [tile] }
      guard let next = try object.iterator() else { return nil }
      var tiles: [Tile] = []
      while let item = try next() {
        guard tiles.count < Sheet.most else { throw Sheet.tooMany }
        guard let tile = try Tile(item) else { return nil }
        tiles.append(tile)
      }
      return tiles
    default: return nil
    }
  }
}

private let pictures = Argument(
  "images", .any, "a tensor [n, c, h, w], a list of pictures, or records")
private let perRow = Argument(
  "columns", .optional(.columns),
  "the number of pictures in a row, or the headings of the columns; nil makes the grid about square"
)
private let rowNames = Argument(
  "rows", .optional(.texts), "the labels of the rows, which also say how many there are",
  named: true)
private let magnification = Argument(
  "scale", .optional(.number(above: 0, through: 1000)),
  "by how much each picture is enlarged along a side; nil chooses it")
private let labels = Argument(
  "labels", .optional(.texts), "the text below each picture; nil writes the class of records")
private let hasBoxes = Argument(
  "boxes", .bool, default: true, "whether the boxes of records are drawn", named: true)
private let title = Argument("title", .string, default: "", "the title", named: true)

private let cells = Argument("cells", .list, "a list of rows, each a list of cells")
private let columns = Argument("columns", .optional(.texts), "the headings of the columns")
private let rows = Argument("rows", .optional(.texts), "the labels of the rows")
private let boxes = Argument(
  "boxes", .optional(.boxes),
  "a box [x, y, width, height] for each row: a list with nil for none, or a tensor [n, 4]")
private let captions = Argument(
  "captions", .optional(.texts), "the text below each cell, row by row", named: true)
private let scale = Argument(
  "scale", ArgumentType<Panel.Scale>.choice, default: "shared",
  "which maps share a scale", named: true)
private let quantile = Argument(
  "quantile", .number(above: 0, through: 1), default: 0.995,
  "the fraction of the values that are not black", named: true)
private let signed = Argument(
  "signed", .bool, default: false,
  "whether maps may have negative numbers, which are drawn blue, and positive ones orange",
  named: true
)
private let key = Argument(
  "key", .string, default: "", "what the maps show; if given, a colour key is drawn below",
  named: true)

/// The builtins `grid` and `picture_table`.
func tileBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "grid", "Arranges pictures side by side in rows.",
      details: """
        A picture is a tensor [3, h, w] or [1, h, w] of 0..1 (other numbers are stretched, with a \
        note), a map [h, w], in which larger values are darker, or a record, which is drawn with \
        its class and, unless it is the whole image, its box. Enlarged pixels stay square, so that \
        you see what the network sees.
        """,
      searchTerms: ["tile", "contact sheet", "montage", "make_grid", "row labels"],
      [pictures, perRow, magnification, labels, rowNames, hasBoxes, title],
      result: "figure",
      examples: [
        Example("grid(zeros(6, 1, 8, 8), columns: 3)", "figure: 6 pictures in 2 × 3"),
        Example(
          "grid(zeros(4, 1, 8, 8), columns: [\"32 px\", \"8 px\"], rows: [\"square\", \"circle\"])",
          "figure: 4 pictures in 2 × 2"),
      ]
    ) { call in
      guard let sheet = try Sheet(call[pictures]) else {
        throw call.wrong(pictures, "a tensor [n, c, h, w], a list of pictures, or records")
      }
      library.note(sheet.tiles)
      let count = sheet.tiles.count
      guard count > 0 else { throw Failure("no-data", "grid: there are no pictures") }
      var panel = sheet.panel(columns: try call.columnCount(for: count))
      if case .names(let names)? = try call[perRow] { panel.columnLabels = names }
      if let names = try call[rowNames] {
        guard names.isEmpty || names.count == panel.rows.count else {
          throw call.fault(
            rowNames, "rows has \(names.count) labels for \(panel.rows.count) rows of pictures")
        }
        panel.rowLabels = names
      }
      if let texts = try call[labels] {
        guard texts.isEmpty || texts.count == count else {
          throw call.fault(labels, "labels has \(texts.count) texts for \(count) pictures")
        }
        panel.captions = texts
      }
      if try !call[hasBoxes] { panel.cellBoxes = [] }
      panel.title = try call[title]
      panel.magnification = try call[magnification]
      return .object(FigureObject(try panel.figure(), host: host))
    },
    Builtin(
      "picture_table",
      "Draws a table of pictures and maps with headings, row labels and boxes.",
      details: """
        A cell is a picture, which is a tensor [3, h, w] or [1, h, w]; a map, which is a tensor \
        [h, w] of numbers from 0 up, in which larger values are darker; a record; or nil for an \
        empty cell. `scale` sets which maps share a scale: "shared" (all, so that equal darkness \
        means equal value), "row" or "each". The largest `1 - quantile` of a scale's values are \
        all black, so that a few outliers don't leave the rest white. With `signed` a map may have \
        negative numbers: 0 is white, and the scale goes as far below it, in blue, as above it, in \
        orange. Boxes are [x, y, width, \
        height] in the pixels of their row's first cell.
        """,
      searchTerms: ["saliency panel", "figure of results", "saliency maps"],
      [cells, columns, rows, boxes, captions, scale, quantile, signed, key, title],
      result: "figure",
      examples: [
        Example(
          "picture_table([[zeros(3, 8, 8), ones(8, 8)]], columns: [\"image\", \"gradient\"], "
            + "boxes: [[2, 2, 4, 4]])", "figure: 2 pictures in 1 × 2"),
        Example(
          "picture_table([[arange(-2, 2).reshape(2, 2)]], signed: true, key: \"evidence\")",
          "figure: 1 picture in 1 × 1"),
      ]
    ) { call in
      var panel = Panel(
        try call[cells].items.map { row in
          guard let tiles = try Tile.list(row, isSigned: call[signed]) else {
            throw call.wrong(cells, "a list of lists of pictures")
          }
          library.note(tiles)
          return tiles
        })
      panel.columnLabels = try call[columns] ?? []
      panel.rowLabels = try call[rows] ?? []
      panel.captions = try call[captions] ?? []
      panel.boxes = try call[boxes] ?? []
      panel.title = try call[title]
      panel.key = try call[key]
      panel.scale = try call[scale]
      panel.quantile = try call[quantile]
      return .object(FigureObject(try panel.figure(), host: host))
    },
  ]
}

/// The columns of a grid: how many, or their headings.
private enum Columns {
  case count(Int)
  case names([String])
}

extension ArgumentType where T == Columns {
  fileprivate static var columns: Self {
    .either(
      ArgumentType<Int>.whole(1...).map { .count($0) },
      ArgumentType<[String]>.texts.named("list of strings").map { $0.isEmpty ? nil : .names($0) })
  }
}

extension Call {
  /// Returns the number of pictures in a row of a grid: the given one, or what the labels of the rows
  /// make necessary; nil if neither is given.
  fileprivate func columnCount(for pictures: Int) throws -> Int? {
    switch try self[perRow] {
    case .count(let count): return count
    case .names(let names):
      guard names.count <= pictures else {
        throw fault(perRow, "columns has \(names.count) headings for \(pictures) pictures")
      }
      return names.count
    case nil:
      guard let rows = try self[rowNames]?.count, rows > 0 else { return nil }
      return (pictures + rows - 1) / rows
    }
  }
}

extension Library {
  /// Writes a note if pictures show numbers that were rescaled.
  func note(_ tiles: [Tile]) {
    if tiles.contains(where: \.isStretched) { note(DrawnPixels.note) }
  }
}

extension ArgumentType where T == [Box?] {
  /// A box or nil for each row.
  fileprivate static var boxes: Self {
    Self("list of [x, y, width, height] or nil, or tensor [n, 4]") { value in
      switch value {
      case .object(let object as TensorObject)
      where object.tensor.rank == 2 && object.tensor.shape[1] == 4:
        return (0..<object.tensor.shape[0]).map { Box(object.tensor.item($0).doubles) }
      case .list(let list):
        return list.items.mapAll { item -> Box?? in
          if case .nil = item { return .some(nil) }
          return item.numbers.flatMap { $0.count == 4 ? .some(Box($0)) : nil }
        }
      default: return nil
      }
    }
  }
}

extension Box {
  /// Creates a box from x, y, width and height; nil if these are not finite, that is, if the box is
  /// unknown.
  fileprivate init?(_ numbers: [Double]) {
    guard numbers.count == 4, numbers.allSatisfy({ $0.isFinite && abs($0) < 1e6 }) else {
      return nil
    }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }
}
