import Formats
import Host
import Images

/// Stanford Cars (Krause et al., 2013), in its original and redistributed layouts.
public enum Cars {
  /// Opens the data set in a folder, as `train` and `test`: with `cars_annos.mat` and `car_ims/`,
  /// or with `devkit/`, `cars_train/` and `cars_test/` (which may be nested once more), or with
  /// `names.csv`, `anno_train.csv`, `anno_test.csv` and `car_data/`. The devkit was published
  /// without the classes of the test images; without `cars_test_annos_withlabels.mat` there is no
  /// `test`. Throws `layout` if files are missing, `labels`, `box`, and the errors of `MATFile` and
  /// the host.
  public static func dataset(_ path: String, options: FileOptions? = nil, host: Host) throws
    -> Dataset
  {
    let root = FolderPath.trimmed(path)
    try FolderPath.check(root, "cars", host)
    // In a folder without read permission every file seems to be missing.
    _ = try host.list(root)
    let options = try options ?? FileOptions(host: host)
    // The devkit numbers its images differently from cars_annos.mat, which may be in the same
    // folder.
    if host.kind(of: root + "/car_ims") == .folder, host.kind(of: root + "/cars_annos.mat") == .file
    {
      return try combined(root, options, host)
    }
    for devkit in ["devkit", "car_devkit/devkit", "car_devkit"]
    where host.kind(of: "\(root)/\(devkit)/cars_train_annos.mat") == .file {
      return try inParts(root, devkit: devkit, options, host)
    }
    if host.kind(of: root + "/anno_train.csv") == .file, host.kind(of: root + "/names.csv") == .file
    {
      return try inTables(root, options, host)
    }
    if host.kind(of: root + "/cars_annos.mat") == .file {
      if host.kind(of: root + "/cars_train") == .folder {
        throw Failure(
          "layout",
          "cars: \(root) has both cars_annos.mat, which lists the images of car_ims/, and cars_train/, "
            + "whose images are numbered differently",
          hint: "put the devkit (cars_meta.mat, cars_train_annos.mat) into \(root)/devkit")
      }
      return try combined(root, options, host)
    }
    throw Failure(
      "layout",
      "cars: \(root) has neither cars_annos.mat (with car_ims/) nor devkit/cars_train_annos.mat "
        + "(with devkit/cars_meta.mat, cars_train/ and cars_test/) nor anno_train.csv (with names.csv and "
        + "car_data/)",
      hint: "unpack the data set's archives into one folder")
  }

  private static let unpack = "unpack the archives of images into the folder"

  /// One file for all images, with a flag for each that says whether it is a test image.
  private static func combined(_ root: String, _ options: FileOptions, _ host: Host) throws
    -> Dataset
  {
    let path = root + "/cars_annos.mat"
    let file = try MATFile(path, host: host)
    let table = try Annotations(file, path)
    var records = FileRecords(classes: try classNames(file, path))
    records.files = try table.texts("relative_im_path")
    try table.rows("relative_im_path").fill(&records, options)
    let isTest = try table.numbers("test").enumerated().map { i, flag in
      guard flag == 0 || flag == 1 else {
        throw Failure(
          "layout",
          "cars: test of annotation \(i + 1) in \(path) must be 0 (train) or 1 (test), got "
            + flag.scriptText)
      }
      return flag == 1
    }
    try records.checkFiles(root, "cars", options, host, hint: unpack)
    let source = FileSource(
      records, root: root, title: "cars", identity: "cars", place: nil, options: options, host: host
    )
    let numbers = Array(records.files.indices)
    return Dataset(splits: [
      (name: "train", view: try source.view(numbers.filter { !isTest[$0] })),
      (name: "test", view: try source.view(numbers.filter { isTest[$0] })),
    ])
  }

  /// A file for each part, and one for the classes.
  private static func inParts(
    _ root: String, devkit: String, _ options: FileOptions, _ host: Host
  ) throws -> Dataset {
    let meta = "\(root)/\(devkit)/cars_meta.mat"
    guard host.kind(of: meta) == .file else {
      throw Failure(
        "layout", "cars: the file \"\(meta)\", which has the names of the classes, does not exist")
    }
    let classes = try classNames(MATFile(meta, host: host), meta)
    var parts: [(name: String, view: View)] = []
    let labelled = "cars_test_annos_withlabels.mat"
    let places = ["\(root)/\(devkit)/\(labelled)", "\(root)/\(labelled)"]
    let test = places.first { host.kind(of: $0) == .file }
    let note =
      "the test split is missing: \"\(places[0])\", which has the classes of the test images, does "
      + "not exist"
    for (name, folder, path) in [
      ("train", "cars_train", "\(root)/\(devkit)/cars_train_annos.mat"),
      ("test", "cars_test", test ?? ""),
    ] where !path.isEmpty {
      let rows = try Annotations(MATFile(path, host: host), path).rows("fname")
      // The copy on Kaggle has the folder nested in itself.
      let inner = "\(folder)/\(folder)"
      let images = host.kind(of: "\(root)/\(inner)") == .folder ? inner : folder
      parts.append(
        (
          name: name,
          view: try view(
            rows, rows.files.map { "\(images)/\($0)" }, classes, root, name, options,
            notes: test == nil ? [note] : [], host)
        ))
    }
    return Dataset(splits: parts, absent: test == nil ? ["test": note] : [:])
  }

  /// The records of a split.
  private static func view(
    _ rows: CarsRows, _ files: [String], _ classes: [String], _ root: String, _ split: String,
    _ options: FileOptions, notes: [String], _ host: Host
  ) throws -> View {
    var records = FileRecords(classes: classes)
    records.files = files
    try rows.fill(&records, options)
    try records.checkFiles(root, "cars", options, host, hint: unpack)
    return try FileSource(
      records, root: root, title: "cars \(split)", identity: "cars \(split)", place: nil,
      options: options,
      notes: notes, host: host
    ).view(Array(records.files.indices))
  }

  /// A table for each split, and a folder of images for each class, as in another copy on Kaggle.
  private static func inTables(_ root: String, _ options: FileOptions, _ host: Host) throws
    -> Dataset
  {
    let classes = try CarsRows.names(root + "/names.csv", host: host)
    let parts = try ["train", "test"].filter {
      host.kind(of: "\(root)/anno_\($0).csv") == .file
    }.map { split in
      let rows = try CarsRows(table: "\(root)/anno_\(split).csv", host: host)
      let folders = [
        "car_data/car_data/\(split)", "car_data/\(split)", "cars_\(split)/cars_\(split)",
        "cars_\(split)", split,
      ]
      let folder = folders.first { host.kind(of: "\(root)/\($0)") == .folder } ?? folders[0]
      let isFlat =
        rows.files.first.map { host.kind(of: "\(root)/\(folder)/\($0)") == .file } == true
      let files = zip(rows.files, rows.classes).map { file, number in
        guard !isFlat, let label = Int(exactly: number), classes.indices.contains(label - 1) else {
          return "\(folder)/\(file)"
        }
        // A folder's name can't contain the slash of `Ram C/V`.
        return "\(folder)/\(String(classes[label - 1].map { $0 == "/" ? "-" : $0 }))/\(file)"
      }
      return (
        name: split, view: try view(rows, files, classes, root, split, options, notes: [], host)
      )
    }
    return Dataset(splits: parts)
  }

  private static func classNames(_ file: MATFile, _ path: String) throws -> [String] {
    guard case .cells(let cells) = try file.variable("class_names") else {
      throw Failure("layout", "cars: class_names in \(path) is not a cell array of names")
    }
    return try cells.values.enumerated().map { i, value in
      guard let name = value.text else {
        throw Failure(
          "layout", "cars: the name of class \(i + 1) in \(path) must be text, got \(value.kind)")
      }
      return name
    }
  }
}

/// The struct array `annotations`. Fields are read by name: their order differs between releases.
private struct Annotations {
  let structs: MATStructs
  let path: String

  init(_ file: MATFile, _ path: String) throws {
    guard case .structs(let structs) = try file.variable("annotations"), structs.count > 0 else {
      throw Failure("layout", "cars: annotations in \(path) is not a struct array")
    }
    self.structs = structs
    self.path = path
  }

  private func values(_ field: String) throws -> [MATValue] {
    guard let values = structs[field] else {
      throw Failure(
        "layout",
        "cars: annotations in \(path) have no field \(field); they have "
          + structs.fields.joined(separator: ", "))
    }
    return values
  }

  private func wrong(_ field: String, _ i: Int, _ value: MATValue, wanted: String) -> Failure {
    Failure(
      "layout",
      "cars: \(field) of annotation \(i + 1) in \(path) must be \(wanted), got \(value.kind)")
  }

  func texts(_ field: String) throws -> [String] {
    try values(field).enumerated().map { i, value in
      guard let text = value.text, !text.isEmpty else {
        throw wrong(field, i, value, wanted: "text")
      }
      return text
    }
  }

  func numbers(_ field: String) throws -> [Double] {
    try values(field).enumerated().map { i, value in
      guard let number = value.number else { throw wrong(field, i, value, wanted: "a number") }
      guard number.isFinite else {
        throw Failure(
          "layout",
          "cars: \(field) of annotation \(i + 1) in \(path) must be a number, got "
            + number.scriptText)
      }
      return number
    }
  }

  /// All rows; `files` is the field of the images' names.
  func rows(_ files: String) throws -> CarsRows {
    CarsRows(
      files: try texts(files), classes: try numbers("class"),
      edges: try ["bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2"].map(numbers),
      place: { [path] in "annotation \($0 + 1) in \(path)" })
  }
}
