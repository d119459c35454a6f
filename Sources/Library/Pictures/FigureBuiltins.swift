import Host
import Language
import Pictures

private let parts = Argument(
  "figures", .list,
  "figures or images from left to right and top to bottom, or a list of them for each row; nil leaves "
    + "a place empty")
private let columns = Argument(
  "columns", .optional(.whole(1...100)),
  "the number of figures in a row; nil puts up to three in one row, and more into an about square "
    + "arrangement")

/// The builtin `figure`.
func figureBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "figure", "Arranges several charts, heat maps and panels in one figure.",
      details: """
        All that charts, `heatmap`, `grid`, `picture_table` and `figure` itself give can be \
        arranged, and images. Parts in a row have the same height and parts in a column the same \
        width: charts and heat maps are laid out in this size, and pictures are centred. With \
        `size`, the whole has this size, and pictures that are too large become smaller.
        """,
      searchTerms: [
        "subplots", "subplot", "tiledlayout", "several plots", "facets", "side by side",
      ],
      [parts, columns, ChartStyle.title, ChartStyle.size],
      result: "figure",
      examples: [
        Example(
          "figure([line([2.1, 1.4, 1.1], title: \"loss\"), bars({B: 76.7, CQD: 79.4})], title: \"Birds\")",
          "figure: 2 figures in 1 × 2")
      ]
    ) { call in
      let rows = try call.rows(library)
      return .object(
        FigureObject(
          try Figure.arranged(rows, title: call[ChartStyle.title], size: call[ChartStyle.size]),
          host: host))
    }
  ]
}

extension Call {
  /// Returns the figures row by row.
  fileprivate func rows(_ library: Library) throws -> [[Figure?]] {
    let items = try self[parts].items
    let lists = items.mapAll { item -> [Value]? in
      if case .list(let list) = item { list.items } else { nil }
    }
    if let lists, !lists.isEmpty {
      guard try self[columns] == nil else {
        throw fault(
          columns, "columns is given by the rows of a list of lists", hint: "leave it out")
      }
      return try lists.map { try $0.map { try part($0, library) } }
    }
    let figures = try items.map { try part($0, library) }
    guard !figures.isEmpty else { throw Failure("no-data", "figure: the list of figures is empty") }
    let natural = figures.count <= 3 ? figures.count : figures.count.squareRootRoundedUp
    let columns = min(try self[columns] ?? natural, figures.count)
    return stride(from: 0, to: figures.count, by: columns).map {
      Array(figures[$0..<min($0 + columns, figures.count)])
    }
  }

  /// Returns a figure, or that of an image or of several; nil for nil.
  private func part(_ value: Value, _ library: Library) throws -> Figure? {
    if case .nil = value { return nil }
    if case .object(let object as FigureObject) = value { return object.figure }
    guard case .object = value, let sheet = try Sheet(value), !sheet.tiles.isEmpty else {
      throw wrong(parts, "a list of figures or images, or of lists of these")
    }
    library.note(sheet.tiles)
    return try sheet.panel().figure()
  }
}

extension Int {
  fileprivate var squareRootRoundedUp: Int { Int(Double(self).squareRoot().rounded(.up)) }
}
