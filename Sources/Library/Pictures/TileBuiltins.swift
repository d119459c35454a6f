import Images
import Host
import Language
import Pictures
import Tensors

/// Pictures out of values: tensors, records, data sets, lists of them.
extension Tile {
  /// The image of a record, drawn as it was before its view normalised it.
  init(_ record: RecordObject) throws {
    try self.init(try record.view.samples([0])[0].image, on: record.view.scale(0))
  }

  /// The tile of a tensor [c, h, w] or [h, w], of an object with an `image`, or of nil.
  init?(_ value: Value) throws {
    switch value {
    case .nil: self = .empty
    case .object(let object as RecordObject): try self.init(object)
    case .object(let object as TensorObject): try self.init(object.tensor)
    case .object(let object):
      guard case .object(let image as TensorObject)? = try object.member("image") else {
        return nil
      }
      try self.init(image.tensor)
    default: return nil
    }
  }

  /// The tiles of a list, of a tensor [n, c, h, w], or of what has images when gone over.
  static func list(_ value: Value) throws -> [Tile]? {
    switch value {
    case .list(let list):
      var tiles: [Tile] = []
      for item in list.items {
        guard let tile = try Tile(item) else { return nil }
        tiles.append(tile)
      }
      return tiles
    case .object(let object as TensorObject):
      switch object.tensor.rank {
      case 4,
        3 where object.tensor.shape[0] != 1 && object.tensor.shape[0] != 3:
        // One scale for all, so that they can be compared.
        let scale = PixelScale(of: object.tensor)
        return try (0..<object.tensor.shape[0]).map { try Tile(object.tensor.item($0), on: scale) }
      default: return [try Tile(object.tensor)]
      }
    case .object(let object):
      if let tile = try Tile(value) { return [tile] }
      guard let next = try object.iterator() else { return nil }
      var tiles: [Tile] = []
      while let item = try next() {
        guard tiles.count < 10_000 else {
          throw Failure(
            "argument", "grid: more than 10000 pictures",
            hint: "take a part of them: subset(d, 100)")
        }
        guard let tile = try Tile(item) else { return nil }
        tiles.append(tile)
      }
      return tiles
    default: return nil
    }
  }
}

/// `grid`, `picture_table`.
func tileBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "grid", "Lays pictures out side by side in rows: a contact sheet.",
      details: """
        A picture is a tensor [3, h, w] or [1, h, w] of 0..1 (what lies outside is stretched, and said), a map [h, w] (drawn dark where it is \
        great), or a record, which is drawn with its class and, unless it is the whole image, its box. \
        Enlarged pixels stay squares, so that what is seen is what a network gets.
        """,
      [
        .required("images", .any, "a tensor [n, c, h, w], a list of pictures, or records"),
        .optional("columns", .whole, .nil, "pictures a row; nil makes the sheet about square"),
        .optional("scale", .number, .nil, "pixels of the file for one of a picture's; nil fits"),
        .optional(
          "labels", .list, .nil, "a text below each picture; nil writes the class of records"),
        .optional("boxes", .bool, .bool(true), "draws the boxes of records", namedOnly: true),
        .optional("title", .string, Value(""), "the line above", namedOnly: true),
      ],
      result: "figure",
      examples: [Example("grid(zeros(6, 1, 8, 8), columns: 3)", "figure: 6 pictures in 2 × 3")]
    ) { call in
      guard let sheet = try Sheet(call["images"]) else {
        throw call.wrong("images", "a tensor [n, c, h, w], a list of pictures, or records")
      }
      library.note(sheet.tiles)
      let count = sheet.tiles.count
      guard count > 0 else { throw Failure("no-data", "grid: there is no picture") }
      var panel = sheet.panel(
        columns: call.isNil("columns") ? nil : try call.int("columns", minimum: 1))
      let labels = try call.strings("labels")
      guard labels.isEmpty || labels.count == count else {
        throw Failure(
          "argument", "grid: labels has \(labels.count) texts for \(count) pictures",
          argument: call.index(of: "labels"))
      }
      if !call.isNil("labels") { panel.captions = labels }
      if !(try call.bool("boxes")) { panel.cellBoxes = [] }
      panel.title = try call.string("title")
      try call.magnify(&panel)
      return .object(FigureObject(try panel.figure(), host: host))
    },
    Builtin(
      "picture_table",
      "Draws a table of pictures and maps with heads, row labels and boxes.",
      details: """
        A cell is a picture, tensor [3, h, w] or [1, h, w]; a map, tensor [h, w] of numbers from 0 \
        up, the darker the greater; a record; or nil for none. `scale` says which maps are drawn on \
        one scale: "shared" (all, so that equal darkness is equal value), "row" or "each". The \
        largest `1 - quantile` of a scale's values are all black, lest a few outliers leave the \
        rest white. Boxes are [x, y, width, height] in the pixels of their row's first cell.
        """,
      [
        .required("cells", .list, "a list of rows, each a list of cells"),
        .optional("columns", .list, .nil, "the heads of the columns"),
        .optional("rows", .list, .nil, "the labels of the rows"),
        .optional(
          "boxes", .any, .nil, "a box for each row: a list with nil for none, or a tensor [n, 4]"),
        .optional(
          "captions", .list, .nil, "a text below each cell, row by row", namedOnly: true),
        .optional(
          "scale", .string, Value("shared"), "\"shared\", \"row\" or \"each\"", namedOnly: true),
        .optional(
          "quantile", .number, .number(0.995), "the part of the values that is not yet black",
          namedOnly: true),
        .optional(
          "key", .string, Value(""), "what the maps show; given, a key is drawn below",
          namedOnly: true),
        .optional("title", .string, Value(""), "the line above", namedOnly: true),
      ],
      result: "figure",
      examples: [
        Example(
          "picture_table([[zeros(3, 8, 8), ones(8, 8)]], columns: [\"image\", \"gradient\"], "
            + "boxes: [[2, 2, 4, 4]])", "figure: 2 pictures in 1 × 2")
      ]
    ) { call in
      var panel = Panel(
        try call.list("cells").map { row in
          guard let tiles = try Tile.list(row) else {
            throw call.wrong("cells", "a list of lists of pictures")
          }
          library.note(tiles)
          return tiles
        })
      panel.columnLabels = try call.strings("columns")
      panel.rowLabels = try call.strings("rows")
      panel.captions = try call.strings("captions")
      panel.boxes = try call.boxes("boxes")
      panel.title = try call.string("title")
      panel.key = try call.string("key")
      guard let scale = Panel.Scale(rawValue: try call.string("scale")) else {
        throw call.wrong("scale", "\"shared\", \"row\" or \"each\"")
      }
      panel.scale = scale
      panel.quantile = try call.number("quantile")
      guard panel.quantile > 0, panel.quantile <= 1 else {
        throw call.wrong("quantile", "above 0, and 1 at most")
      }
      return .object(FigureObject(try panel.figure(), host: host))
    },
  ]
}

extension Library {
  /// Says so where pictures show numbers that were stretched.
  func note(_ tiles: [Tile]) {
    if tiles.contains(where: \.isStretched) { note(DrawnPixels.note) }
  }
}

extension Call {
  fileprivate func magnify(_ panel: inout Panel) throws {
    guard !isNil("scale") else { return }
    let scale = try number("scale")
    guard scale > 0, scale <= 1000 else { throw wrong("scale", "above 0, and 1000 at most") }
    panel.magnification = scale
  }

  /// A box or none for each row.
  fileprivate func boxes(_ name: String) throws -> [Box?] {
    switch self[name] {
    case .nil: return []
    case .object(let object as TensorObject)
    where object.tensor.rank == 2 && object.tensor.shape[1] == 4:
      return (0..<object.tensor.shape[0]).map { Box(object.tensor.item($0).doubles) }
    case .list(let list):
      return try list.items.map { item in
        if case .nil = item { return nil }
        guard let numbers = Call.numbers(in: item), numbers.count == 4 else {
          throw wrong(name, "a list of [x, y, width, height] or nil")
        }
        return Box(numbers)
      }
    default: throw wrong(name, "a list of [x, y, width, height] or nil")
    }
  }
}

extension Box {
  /// A box of x, y, width, height; nil where these are no finite numbers (no box is known).
  fileprivate init?(_ numbers: [Double]) {
    guard numbers.count == 4, numbers.allSatisfy({ $0.isFinite && abs($0) < 1e6 }) else {
      return nil
    }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }
}
