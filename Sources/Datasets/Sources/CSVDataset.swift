import Archives
import Host
import Images

/// Data sets that a table of image files describes.
public enum CSVDataset {
  /// A data set from a CSV file whose first line names the columns: `path` (or `image`, `file`,
  /// `filename`), inside `root` or the table's own folder; `label` (or `class`), numbers from 0 or names;
  /// and perhaps a box as `x, y, width, height` or `x1, y1, x2, y2`, in pixels from the upper left corner;
  /// and `split` with train, val and test. Spaces around a cell don't count. Throws `csv`, `labels`, `box`
  /// and the host's errors.
  public static func dataset(
    _ path: String, root: String? = nil, id: String? = nil, options: FileOptions? = nil, host: Host
  ) throws -> Dataset {
    let table = try CSVRows(host.read(path), operation: "csv_dataset", name: path)?.trimmed
    guard let table else { throw Failure("csv", "csv_dataset: \(path) is empty") }
    let columns = try Columns(table, path)
    guard !table.rows.isEmpty else {
      throw Failure("csv", "csv_dataset: \(path) has no rows below the columns' names")
    }
    let folder = FolderPath.trimmed(root ?? self.folder(of: path))
    try FolderPath.check(folder, "csv_dataset", host)

    let (files, labels) = try (
      columns.wanted(Columns.paths), columns.wanted(Columns.labels)
    )
    var records = FileRecords(files: table.rows.map { $0.cells[files] })
    if let i = records.files.firstIndex(of: "") {
      throw Failure("csv", "csv_dataset: \(path):\(table.rows[i].line): the path is empty")
    }
    (records.classes, records.labels) = try classes(table, labels, path)
    let options = try options ?? FileOptions(host: host, isOriented: true)
    records.boxes = try boxes(table, columns, path, of: &records, options)
    try records.checkFiles(
      folder, "csv_dataset", options, host, hint: "say where they are with root:")
    let source = FileSource(
      records, root: folder, title: path, identity: id ?? "csv_dataset \(path)",
      options: options, host: host)

    guard let split = columns.index("split") else {
      return Dataset(try source.view(Array(records.files.indices)))
    }
    var parts: [String: [Int]] = [:]
    for (i, row) in table.rows.enumerated() {
      let names = ["valid": "val", "validation": "val"]
      let name = names[row.cells[split]] ?? row.cells[split]
      guard ["train", "val", "test"].contains(name) else {
        throw Failure(
          "csv",
          "csv_dataset: \(path):\(row.line): the split is train, val or test, not "
            + "\"\(row.cells[split])\"")
      }
      parts[name, default: []].append(i)
    }
    return Dataset(
      splits: try ["train", "val", "test"].compactMap { name in
        try parts[name].map { (name: name, view: try source.view($0)) }
      })
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Whole numbers from 0 are labels themselves; names are sorted. Both together are refused, and so are
  /// other numbers: sorted as text they would be classes in an order that nobody expects.
  private static func classes(_ table: CSVRows, _ column: Int, _ path: String) throws
    -> ([String], [Int32])
  {
    let texts = table.rows.map { $0.cells[column] }
    func place(_ i: Int) -> String { "csv_dataset: \(path):\(table.rows[i].line)" }
    if let i = texts.firstIndex(of: "") {
      throw Failure("csv", "\(place(i)): the label is empty")
    }
    let hint = "number the classes from 0, or give each a name that is no number"
    let numbers = texts.map { isNumber($0) ? Double($0) : nil }
    if let i = numbers.firstIndex(where: { $0 != nil }) {
      if let j = numbers.firstIndex(where: { $0 == nil }) {
        throw Failure(
          "labels",
          "\(place(max(i, j))): the label is \"\(texts[max(i, j)])\", in line "
            + "\(table.rows[min(i, j)].line) \"\(texts[min(i, j)])\"; labels are numbers or names, "
            + "not both",
          hint: hint)
      }
      let labels = try texts.indices.map { i -> Int32 in
        guard let label = Int32(texts[i]), label >= 0, label < 1 << 20 else {
          throw Failure(
            "labels",
            "\(place(i)): labels count classes in whole numbers from 0, this is \(texts[i])",
            hint: hint)
        }
        return label
      }
      return ((0...(labels.max() ?? 0)).map(String.init), labels)
    }
    let names = Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices.map { Int32($0) }))
    return (names, texts.compactMap { places[$0] })
  }

  /// Whether a text is a number as people write it, not `nan`.
  private static func isNumber(_ text: String) -> Bool {
    text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
      && Double(text) != nil
  }

  private static func boxes(
    _ table: CSVRows, _ columns: Columns, _ path: String, of records: inout FileRecords,
    _ options: FileOptions
  ) throws -> [Box?] {
    let sized = Columns.sized.map { columns.index($0) }
    let cornered = Columns.cornered.map { columns.index($0) }
    let places = sized.contains(nil) ? cornered.compactMap { $0 } : sized.compactMap { $0 }
    guard places.count == 4 else {
      let some = zip(Columns.sized + Columns.cornered, sized + cornered)
        .filter { $0.1 != nil }.map(\.0)
      guard some.isEmpty else {
        throw Failure(
          "csv",
          "csv_dataset: \(path) has the columns \(some.joined(separator: ", ")); a box is x, y, width, "
            + "height or x1, y1, x2, y2")
      }
      return []
    }
    return try table.rows.enumerated().map { i, row in
      try records.reading(i, options, else: nil) {
        try box(row, table.head, places, isCornered: sized.contains(nil), path)
      }
    }
  }

  private static func box(
    _ row: CSVRows.Row, _ head: [String], _ places: [Int], isCornered: Bool, _ path: String
  ) throws -> Box? {
    if places.allSatisfy({ row.cells[$0].isEmpty }) { return nil }
    let numbers = try places.map { place -> Double in
      guard let number = Double(row.cells[place]), number.isFinite else {
        throw Failure(
          "csv",
          "csv_dataset: \(path):\(row.line): \(head[place]) is \"\(row.cells[place])\", not a number",
          hint: FileOptions.skipping)
      }
      return number
    }
    let box =
      isCornered
      ? Box(
        x: numbers[0], y: numbers[1], width: numbers[2] - numbers[0],
        height: numbers[3] - numbers[1])
      : Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    guard box.width > 0, box.height > 0 else {
      throw Failure(
        "box", "csv_dataset: \(path):\(row.line): the box \(box.text) has no area",
        hint: FileOptions.skipping)
    }
    return box
  }

  /// The columns by name, however it is written.
  private struct Columns {
    static let paths = ["path", "image", "file", "filename"]
    static let labels = ["label", "class"]
    static let sized = ["x", "y", "width", "height"]
    static let cornered = ["x1", "y1", "x2", "y2"]
    let names: [String]
    let path: String

    /// Throws `csv` where the first line names none of the columns that are looked for.
    init(_ table: CSVRows, _ path: String) throws {
      names = table.head.map { $0.lowercased().filter { $0 != " " } }
      self.path = path
      let known =
        [["split"], Columns.paths, Columns.labels, Columns.sized, Columns.cornered].joined()
      guard !names.contains(where: known.contains) else { return }
      if table.head.count == 1 {
        for (mark, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
        where table.head[0].contains(mark) {
          throw Failure(
            "csv", "csv_dataset: \(path): cells are parted by \(name); commas are wanted",
            hint: "write it again with commas")
        }
      }
      throw Failure(
        "csv",
        "csv_dataset: \(path): the first line must name the columns, at least path and label; it is "
          + table.head.prefix(8).joined(separator: ","),
        hint: "write path,label above it, in the order of the columns")
    }

    func index(_ name: String) -> Int? { names.firstIndex(of: name) }

    func wanted(_ spellings: [String]) throws -> Int {
      if let found = spellings.compactMap(index).first { return found }
      throw Failure(
        "csv",
        "csv_dataset: \(path) has no column \(spellings[0]); its first line names "
          + names.joined(separator: ", "))
    }
  }
}
