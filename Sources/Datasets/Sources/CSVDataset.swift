import Archives
import Host
import Images

/// Data sets that a table of image files describes.
public enum CSVDataset {
  /// A data set from a CSV file whose first line names the columns: `path` (or `image`, `file`,
  /// `filename`), inside `root` or the table's own folder; `label` (or `class`), numbers from 0 or names;
  /// and perhaps a box as `x, y, width, height` or `x1, y1, x2, y2`, in pixels from the upper left corner;
  /// and `split` with train, val and test. Throws `csv`, `labels`, `box` and the host's errors.
  public static func dataset(
    _ path: String, root: String? = nil, id: String? = nil, options: FileOptions? = nil, host: Host
  ) throws -> Dataset {
    guard let table = try CSVRows(host.read(path), operation: "csv_dataset", name: path),
      !table.rows.isEmpty
    else { throw Failure("csv", "csv_dataset: \(path) has no rows below the columns' names") }
    let columns = Columns(table, path)
    let folder = FolderPath.trimmed(root ?? self.folder(of: path))
    try FolderPath.check(folder, "csv_dataset", host)

    let (files, labels) = try (
      columns.wanted(["path", "image", "file", "filename"]), columns.wanted(["label", "class"])
    )
    var records = FileRecords(files: table.rows.map { $0.cells[files] })
    if let i = records.files.firstIndex(of: "") {
      throw Failure("csv", "csv_dataset: \(path):\(table.rows[i].line): the path is empty")
    }
    (records.classes, records.labels) = try classes(table, labels, path)
    records.boxes = try boxes(table, columns, path)
    let options = try options ?? FileOptions(host: host, isOriented: true)
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

  /// Whole numbers from 0 are labels themselves; anything else names classes, which are sorted.
  private static func classes(_ table: CSVRows, _ column: Int, _ path: String) throws
    -> ([String], [Int32])
  {
    let texts = table.rows.map { $0.cells[column] }
    if let i = texts.firstIndex(of: "") {
      throw Failure("csv", "csv_dataset: \(path):\(table.rows[i].line): the label is empty")
    }
    let numbers = texts.compactMap { Int32($0) }
    if numbers.count == texts.count {
      if let i = numbers.firstIndex(where: { $0 < 0 || $0 >= 1 << 20 }) {
        throw Failure(
          "labels",
          "csv_dataset: \(path):\(table.rows[i].line): labels count classes from 0, this is "
            + "\(numbers[i])")
      }
      return ((0...(numbers.max() ?? 0)).map(String.init), numbers)
    }
    let names = Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices.map { Int32($0) }))
    return (names, texts.compactMap { places[$0] })
  }

  private static func boxes(_ table: CSVRows, _ columns: Columns, _ path: String) throws -> [Box?] {
    let sized = ["x", "y", "width", "height"].map { columns.index($0) }
    let cornered = ["x1", "y1", "x2", "y2"].map { columns.index($0) }
    let places = sized.contains(nil) ? cornered.compactMap { $0 } : sized.compactMap { $0 }
    guard places.count == 4 else {
      let some = zip(["x", "y", "width", "height", "x1", "y1", "x2", "y2"], sized + cornered)
        .filter { $0.1 != nil }.map(\.0)
      guard some.isEmpty else {
        throw Failure(
          "csv",
          "csv_dataset: \(path) has the columns \(some.joined(separator: ", ")); a box is x, y, width, "
            + "height or x1, y1, x2, y2")
      }
      return []
    }
    return try table.rows.map { row in
      if places.allSatisfy({ row.cells[$0].isEmpty }) { return nil }
      let numbers = try places.map { place -> Double in
        guard let number = Double(row.cells[place]), number.isFinite else {
          throw Failure(
            "csv",
            "csv_dataset: \(path):\(row.line): \(table.head[place]) is \"\(row.cells[place])\", not a "
              + "number")
        }
        return number
      }
      let box =
        sized.contains(nil)
        ? Box(
          x: numbers[0], y: numbers[1], width: numbers[2] - numbers[0],
          height: numbers[3] - numbers[1])
        : Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
      guard box.width > 0, box.height > 0 else {
        throw Failure(
          "box", "csv_dataset: \(path):\(row.line): the box \(box.text) has no area")
      }
      return box
    }
  }

  /// The columns by name, however it is written.
  private struct Columns {
    let names: [String]
    let path: String

    init(_ table: CSVRows, _ path: String) {
      names = table.head.map { $0.lowercased().filter { $0 != " " } }
      self.path = path
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
