import Formats
import Host
import Images

/// Data sets described by a table of image files.
public enum CSVDataset {
  /// A data set from a CSV file whose first line names the columns: `path` inside `root` or the
  /// table's own folder; `label`, numbers from 0 or names; optionally a box as `x, y, width,
  /// height` or `x1, y1, x2, y2`, in pixels from the upper left corner; and `split` with train, val
  /// and test. `CSVColumns` lists the other names. Spaces around a cell are ignored. Throws `csv`,
  /// `labels`, `box` and the host's errors.
  public static func dataset(
    _ path: String, root: String? = nil, id: String? = nil, options: FileOptions? = nil, host: Host
  ) throws -> Dataset {
    let table = try CSVRows(host.read(path), operation: "csv_dataset", name: path)?.trimmed
    guard let table else { throw Failure("csv", "csv_dataset: \(path) is empty") }
    let columns = try CSVColumns(table, path)
    guard !table.rows.isEmpty else {
      throw Failure("csv", "csv_dataset: \(path) has no rows below the columns' names")
    }
    let folder = FolderPath.trimmed(root ?? self.folder(of: path))
    try FolderPath.check(folder, "csv_dataset", host)

    let (files, labels) = try (
      columns.wanted(CSVColumns.paths), columns.wanted(CSVColumns.labels)
    )
    var records = FileRecords(
      files: table.rows.map { CSVDataset.file($0.cells[files], in: folder, host) })
    if let i = records.files.firstIndex(of: "") {
      throw Failure("csv", "csv_dataset: \(path):\(table.rows[i].line): the path is empty")
    }
    (records.classes, records.labels) = try classes(table, labels, path)
    let options = try options ?? FileOptions(host: host, isOriented: true)
    if let (form, places) = try columns.boxes() {
      records.boxes = try CSVBoxes(table: table, form: form, places: places, path: path).read(
        of: &records, options)
    }
    try records.checkFiles(
      folder, "csv_dataset", options, host, hint: "say where they are with root:")
    let source = FileSource(
      records, root: folder, title: path, identity: id ?? "csv_dataset",
      place: id == nil ? path : nil, options: options, host: host)

    guard let split = columns.first(CSVColumns.splits) else {
      return Dataset(try source.view(Array(records.files.indices)))
    }
    var parts: [String: [Int]] = [:]
    for (i, row) in table.rows.enumerated() {
      guard let name = SplitName.split(row.cells[split]) else {
        throw Failure(
          "csv",
          "csv_dataset: \(path):\(row.line): the split must be train, val or test, got "
            + "\"\(row.cells[split])\"")
      }
      parts[name, default: []].append(i)
    }
    return Dataset(
      splits: try SplitName.order.compactMap { name in
        try parts[name].map { (name: name, view: try source.view($0)) }
      })
  }

  /// A path as it is written, or with slashes instead of Windows' backslashes if only that file
  /// exists.
  private static func file(_ cell: String, in folder: String, _ host: Host) -> String {
    guard cell.contains("\\"), host.kind(of: FileRecords.path(cell, in: folder)) == nil else {
      return cell
    }
    return String(cell.map { $0 == "\\" ? "/" : $0 })
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Whole numbers from 0 are used as labels; names are sorted. A mixture of both is an error, and
  /// so are other numbers: sorted as text, they would become classes in an order that nobody
  /// expects.
  private static func classes(_ table: CSVRows, _ column: Int, _ path: String) throws
    -> ([String], [Int32])
  {
    let texts = table.rows.map { $0.cells[column] }
    func place(_ i: Int) -> String { "csv_dataset: \(path):\(table.rows[i].line)" }
    if let i = texts.firstIndex(of: "") {
      throw Failure("csv", "\(place(i)): the label is empty")
    }
    let hint = "number the classes from 0, or give each a name that is not a number"
    let numbers =
      texts.contains(where: isPadded) ? [] : texts.map { isNumber($0) ? Double($0) : nil }
    if let i = numbers.firstIndex(where: { $0 != nil }) {
      if let j = numbers.firstIndex(where: { $0 == nil }) {
        throw Failure(
          "labels",
          "\(place(max(i, j))): the label is \"\(texts[max(i, j)])\", but in line "
            + "\(table.rows[min(i, j)].line) it is \"\(texts[min(i, j)])\"; labels must be all numbers "
            + "or all names",
          hint: hint)
      }
      let labels = try texts.indices.map { i -> Int32 in
        guard let label = Int32(texts[i]), label >= 0, label < 1 << 20 else {
          throw Failure(
            "labels",
            "\(place(i)): labels must be whole numbers from 0, got \(texts[i])",
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

  /// Whether a text consists of digits after a zero, as in 007. It is a name, as in any other
  /// column.
  private static func isPadded(_ text: String) -> Bool {
    text.utf8.count > 1 && text.utf8.first == 48 && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// Whether a text is a number as people write it, not `nan`.
  private static func isNumber(_ text: String) -> Bool {
    text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
      && Double(text) != nil
  }
}
