import Host
import Images
import Tensors

/// Finds the records of `image_folder`.
public enum ImageFolder {
  /// Opens a folder that contains a folder of images for each class, or folders of splits (see
  /// `SplitName`) that do. Files are found at any depth below a class's folder. A folder of images
  /// without folders, and any folder if `isLabelled` is false, gives records without labels. Other
  /// folders next to `train` must not contain images, which would be left out. `id` identifies the
  /// records: two folders with the same `id` and the same file names hold the same records. `order`
  /// is the order of the classes; nil means numerical, with a note if it matters. Throws
  /// `empty-folder`, `layout` and the host's errors.
  public static func dataset(
    _ path: String, isLabelled: Bool = true, order: ClassOrder? = nil, id: String? = nil,
    options: FileOptions? = nil, host: Host
  ) throws -> Dataset {
    let root = FolderPath.trimmed(path)
    try FolderPath.check(root, "image_folder", host)
    let layout = try FolderLayout(root, isLabelled: isLabelled, host)
    let options = try options ?? FileOptions(host: host, isOriented: true)
    let names = (order ?? .number).sorted(layout.parts.lazy.flatMap(\.classNames))
    let views = try layout.parts.map { part in
      var notes = layout.notes + part.notes(of: root)
      if order == nil, let note = ClassOrder.number.note(names, of: root) { notes.append(note) }
      return try part.source(
        names, id: id, at: root, options, notes: notes, host)
    }
    guard layout.hasSplits else { return Dataset(views[0]) }
    return Dataset(
      splits: SplitName.order.flatMap { name in
        zip(layout.parts, views).filter { $0.0.split == name }.map { (name: name, view: $0.1) }
      })
  }

  /// Opens the images of a folder, at any depth, as records of one class, for use as backgrounds.
  /// Throws `empty-folder` and the host's errors.
  public static func photographs(_ path: String, host: Host) throws -> View {
    try FolderPath.check(path, "clutter", host)
    let found = try ImageFiles(".", in: path, host: host)
    guard !found.files.isEmpty else {
      throw Failure("empty-folder", "clutter: \(path) holds no images")
    }
    return try FolderPart(root: path, classes: [found], isLabelled: false).source(
      [], id: nil, at: path, FileOptions(host: host, isOriented: true), notes: [], host)
  }
}

extension FolderPart {
  /// The part's records. `names` are the classes of all parts, and `folder` holds all parts.
  fileprivate func source(
    _ names: [String], id: String?, at folder: String, _ options: FileOptions, notes: [String],
    _ host: Host
  ) throws -> View {
    var records = FileRecords(classes: names.isEmpty ? [root] : names)
    records.isLabelled = isLabelled
    let labels = Dictionary(uniqueKeysWithValues: zip(names, names.indices.map { Int32($0) }))
    // Records are in the order of their classes.
    let sorted =
      isLabelled ? classes.sorted { labels[$0.name] ?? 0 < labels[$1.name] ?? 0 } : classes
    for found in sorted {
      records.files += found.files
      records.labels += [Int32](
        repeating: isLabelled ? labels[found.name] ?? 0 : 0, count: found.files.count)
    }
    let name = id ?? "image_folder"
    return try FileSource(
      records, root: root, title: root, identity: split.map { "\(name) \($0)" } ?? name,
      place: id == nil ? folder : nil, options: options, notes: notes, host: host
    ).view(Array(records.files.indices))
  }
}
