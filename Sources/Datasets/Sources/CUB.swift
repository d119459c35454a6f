import Host
import Images

/// CUB-200-2011 (Wah et al., 2011) and data sets in its layout.
public enum CUB {
  /// Opens the data set in an unpacked archive's folder, as `train` and `test`, with parts and
  /// attributes if the folder has them. All lists but that of the attributes are read and checked against each other before any image is read.
  /// Throws `layout` if files are missing or disagree, `labels`, `box`, and the host's errors.
  public static func dataset(_ path: String, options: FileOptions? = nil, host: Host) throws
    -> Dataset
  {
    let root = FolderPath.trimmed(path)
    try FolderPath.check(root, "cub", host)
    try checkLayout(root, host)
    let options = try options ?? FileOptions(host: host)
    let images = try NumberedList(root, "images.txt", "1 folder/file.jpg", fields: 1, host)
    guard images.count > 0 else { throw Failure("layout", "cub: \(images.path) is empty") }
    let classes = try NumberedList(root, "classes.txt", "1 name", fields: 1, host)
    var records = FileRecords(classes: classes.rows.map { $0.texts[0] })
    records.files = images.rows.map { "images/" + $0.texts[0] }

    let labels = try NumberedList(root, "image_class_labels.txt", "image class", fields: 1, host)
    try labels.matches(images)
    try checkFolders(images, classes)
    for (i, row) in labels.rows.enumerated() {
      let number = try records.reading(i, options, else: classes.rows.first?.id ?? 0) {
        try labels.whole(row, 0)
      }
      guard let label = classes.index(number) else {
        throw Failure(
          "labels",
          "cub: \(labels.path), line \(row.line): the class \(row.texts[0]) does not exist; "
            + "classes.txt has \(classes.count)")
      }
      // A record that `reading` left out has the first class instead of its own and is not checked.
      if let folder = folder(of: images.rows[i]), folder != records.classes[label],
        records.faults[i] == nil
      {
        throw Failure(
          "labels",
          "cub: \(labels.path), line \(row.line), puts image \(row.id) in class \(number), "
            + "\(records.classes[label]), but images.txt, line \(images.rows[i].line), has it in the folder "
            + folder,
          hint:
            "one of the lists is out of order or was changed: unpack CUB_200_2011.tgz again")
      }
      records.labels.append(Int32(label))
    }

    let boxes = try NumberedList(
      root, "bounding_boxes.txt", "image x y width height", fields: 4, host)
    try boxes.matches(images)
    for (i, row) in boxes.rows.enumerated() {
      let box = try records.reading(i, options, else: nil) { () -> Box? in
        let numbers = try (0..<4).map { try boxes.number(row, $0) }
        let box = Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        guard box.width > 0, box.height > 0 else {
          throw Failure(
            "box", "cub: \(boxes.path), line \(row.line): the box \(box.text) has no area",
            hint: FileOptions.skipping)
        }
        return box
      }
      records.boxes.append(box)
    }

    let split = try NumberedList(root, "train_test_split.txt", "image 1 or 0", fields: 1, host)
    try split.matches(images)
    let isTrain = try split.rows.map { row -> Bool in
      let flag = try split.whole(row, 0)
      guard flag == 0 || flag == 1 else {
        throw split.wrong(row, "the flag must be 1 (train) or 0 (test), got \(flag)")
      }
      return flag == 1
    }
    if host.kind(of: root + "/parts") == .folder {
      try readParts(of: &records, root, images, options, host)
    }
    if let attributes = CUBAttributes(root, images, host) {
      records.attributes = { try attributes.tensor() }
    }
    try records.checkFiles(root, "cub", options, host, hint: "unpack CUB_200_2011.tgz again")

    let source = FileSource(
      records, root: root, title: "cub", identity: "cub", place: nil, options: options, host: host)
    let numbers = Array(records.files.indices)
    return Dataset(splits: [
      (name: "train", view: try source.view(numbers.filter { isTrain[$0] })),
      (name: "test", view: try source.view(numbers.filter { !isTrain[$0] })),
    ])
  }

  /// The folder that contains an image; nil if there is none.
  private static func folder(of image: NumberedList.Row) -> String? {
    let parts = image.texts[0].split(separator: "/")
    return parts.count < 2 ? nil : String(parts[parts.count - 2])
  }

  /// Throws `labels` if an image's folder is not one of the classes: classes.txt then has other
  /// names.
  private static func checkFolders(_ images: NumberedList, _ classes: NumberedList) throws {
    let names = Set(classes.rows.map { $0.texts[0] })
    guard
      let row = images.rows.first(where: { row in
        folder(of: row).map { !names.contains($0) } == true
      }
      ), let folder = folder(of: row)
    else { return }
    throw Failure(
      "labels",
      "cub: \(images.path), line \(row.line): image \(row.id) is in the folder \(folder), but "
        + "\(classes.path) has no class of that name",
      hint: "each class must have its folder's name: unpack CUB_200_2011.tgz again")
  }

  private static let layout = [
    "images.txt", "classes.txt", "image_class_labels.txt", "bounding_boxes.txt",
    "train_test_split.txt", "images",
  ]

  private static func checkLayout(_ root: String, _ host: Host) throws {
    // In a folder without read permission every file seems to be missing.
    _ = try host.list(root)
    let missing = layout.filter { host.kind(of: root + "/" + $0) == nil }
    guard !missing.isEmpty else { return }
    // The archive unpacks into its own folder.
    let inner = root + "/CUB_200_2011"
    throw Failure(
      "layout",
      "cub: \(root) has no \(missing.joined(separator: ", no ")); the folder must contain "
        + layout.dropLast().joined(separator: ", ") + " and images/",
      hint: host.kind(of: inner + "/images.txt") == .file
        ? "the data set is in \(inner)" : "unpack CUB_200_2011.tgz again")
  }

  /// The visible parts of each image.
  private static func readParts(
    of records: inout FileRecords, _ root: String, _ images: NumberedList, _ options: FileOptions,
    _ host: Host
  ) throws {
    let hint = "unpack CUB_200_2011.tgz again, or remove \(root)/parts to open it without parts"
    let names = try NumberedList(root, "parts/parts.txt", "1 name", fields: 1, hint: hint, host)
    let places = try NumberedList(
      root, "parts/part_locs.txt", "image part x y visible", fields: 4, repeats: true, hint: hint,
      host)
    var parts = [[Part]](repeating: [], count: images.count)
    for row in places.rows {
      guard let image = images.index(row.id) else {
        throw places.wrong(row, "images.txt does not have the image \(row.id)")
      }
      let part = try records.reading(image, options, else: nil) { () -> Part? in
        guard let name = try names.index(places.whole(row, 0)) else {
          throw places.wrong(row, "parts.txt does not have the part \(row.texts[0])")
        }
        let (x, y) = (try places.number(row, 1), try places.number(row, 2))
        guard try places.whole(row, 3) != 0 else { return nil }
        return Part(name: names.rows[name].texts[0], x: x, y: y)
      }
      if let part { parts[image].append(part) }
    }
    records.parts = parts
  }
}
