import Host
import Tensors

/// Finds the records of `image_folder`.
public enum ImageFolder {
  /// A data set from a folder that holds a folder a class, or folders `train`, `test`, `val` (or
  /// `valid`, `validation`) that do. Files are found at any depth below a class's folder; names that
  /// begin with a dot are passed over. Folders beside `train` may hold no images: they would be left out.
  /// `id` names the records: two folders with the same `id` and the
  /// same file names hold the same records. Throws `empty-folder`, `layout` and the host's errors.
  public static func dataset(
    _ path: String, id: String? = nil, options: FileOptions? = nil, host: Host
  ) throws -> Dataset {
    let root = FolderPath.trimmed(path)
    let options = try options ?? FileOptions(host: host, isOriented: true)
    let folders = try self.folders(root, host)
    let splits = folders.filter { splitNames[$0] != nil }
    guard splits.contains("train") || (!splits.isEmpty && splits.count == folders.count) else {
      let classes = try listClasses(root, folders, host)
      return Dataset(try view(root, classes, classes.map(\.name), id: id, options, host))
    }
    try check(splits, of: folders, in: root, host)
    let found = try splits.map { split in
      try listClasses(root + "/" + split, self.folders(root + "/" + split, host), host)
    }
    let names = Set(found.joined().map(\.name)).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    var parts: [(name: String, view: View)] = []
    for (split, classes) in zip(splits, found) {
      let name = splitNames[split] ?? split
      let view = try view(
        root + "/" + split, classes, names, id: id.map { "\($0) \(name)" }, options, host)
      parts.append((name: name, view: view))
    }
    let order = ["train", "val", "test"]
    return Dataset(
      splits: order.flatMap { name in parts.filter { $0.name == name } })
  }

  /// The PNG and JPEG files of a folder, at any depth, as records of one class: backgrounds. Throws
  /// `empty-folder` and the host's errors.
  public static func photographs(_ path: String, host: Host) throws -> View {
    try FolderPath.check(path, "clutter", host)
    var found = ClassFiles(name: path)
    try collect(path, ".", depth: 0, into: &found, host)
    guard !found.files.isEmpty else {
      throw Failure("empty-folder", "clutter: \(path) holds no PNG or JPEG files")
    }
    return try view(
      path, [found], [path], id: nil, FileOptions(host: host, isOriented: true), host)
  }

  private static let splitNames = [
    "train": "train", "test": "test", "val": "val", "valid": "val", "validation": "val",
  ]

  private struct ClassFiles {
    let name: String
    var files: [String] = []
    var leftOut = 0
  }

  private static func view(
    _ root: String, _ classes: [ClassFiles], _ names: [String], id: String?, _ options: FileOptions,
    _ host: Host
  ) throws -> View {
    var records = FileRecords(classes: names)
    for found in classes {
      guard let label = names.firstIndex(of: found.name) else { continue }
      records.files += found.files
      records.labels += [Int32](repeating: Int32(label), count: found.files.count)
    }
    let leftOut = classes.reduce(0) { $0 + $1.leftOut }
    let others = leftOut == 1 ? "1 file is" : "\(leftOut) files are"
    var notes = leftOut > 0 ? ["\(others) neither PNG nor JPEG and left out"] : []
    if let deeper = deeperClasses(classes) {
      notes.append(
        "the only class is \(classes[0].name), whose images lie in \(deeper) folders; if these are the "
          + "classes, open \(root)/\(classes[0].name)")
    }
    return try FileSource(
      records, root: root, title: root, identity: id ?? "image_folder \(root)", options: options,
      notes: notes, host: host
    ).view(Array(records.files.indices))
  }

  /// How many folders all images of the only class lie in, where these are several: CUB's `images/` is
  /// such a class to somebody who opens the folder above.
  private static func deeperClasses(_ classes: [ClassFiles]) -> Int? {
    guard classes.count == 1 else { return nil }
    var inner: Set<Substring> = []
    for file in classes[0].files {
      let parts = file.split(separator: "/", maxSplits: 2)
      guard parts.count == 3 else { return nil }
      inner.insert(parts[1])
    }
    return inner.count > 1 ? inner.count : nil
  }

  /// Throws `layout` where a split is there twice, or where folders beside the splits hold images: nobody
  /// can tell whether they are classes, and leaving them out would go unnoticed.
  private static func check(
    _ splits: [String], of folders: [String], in root: String, _ host: Host
  ) throws {
    for split in splits {
      if let other = splits.first(where: { $0 < split && splitNames[$0] == splitNames[split] }) {
        throw Failure(
          "layout",
          "image_folder: \(root) has \(other)/ and \(split)/, which are the same split",
          hint: "rename or move one of them")
      }
    }
    let others = try folders.filter {
      try splitNames[$0] == nil && hasImages(root + "/" + $0, host)
    }
    guard let first = others.first else { return }
    let more = others.count > 1 ? " and \(others.count - 1) more" : ""
    throw Failure(
      "layout",
      "image_folder: \(root) has \(splits.map { $0 + "/" }.joined(separator: ", ")) and beside that "
        + "\(first)/\(more) with images; a folder holds either splits or classes",
      hint: "move what is no split out of \(root), or open one alone: "
        + "image_folder(\"\(root)/\(splits[0])\")")
  }

  /// Whether there are images in a folder or in one of those in it.
  private static func hasImages(_ folder: String, _ host: Host) throws -> Bool {
    for name in try host.list(folder) where !name.hasPrefix(".") {
      if isImage(name) { return true }
      let path = folder + "/" + name
      if host.kind(of: path) == .folder, try host.list(path).contains(where: isImage) {
        return true
      }
    }
    return false
  }

  private static func folders(_ path: String, _ host: Host) throws -> [String] {
    try FolderPath.check(path, "image_folder", host)
    return try host.list(path).filter { name in
      !name.hasPrefix(".") && !isImage(name) && host.kind(of: path + "/" + name) == .folder
    }
  }

  private static func listClasses(_ path: String, _ folders: [String], _ host: Host) throws
    -> [ClassFiles]
  {
    guard !folders.isEmpty else {
      throw Failure(
        "empty-folder",
        "image_folder: \(path) holds no folders; a folder a class is wanted, each with PNG or JPEG "
          + "files")
    }
    return try folders.map { name in
      try Interrupt.check()
      var found = ClassFiles(name: name)
      try collect(path, name, depth: 0, into: &found, host)
      guard !found.files.isEmpty else {
        throw Failure(
          "empty-folder",
          "image_folder: the class folder \(path)/\(name) holds no PNG or JPEG files")
      }
      return found
    }
  }

  private static func collect(
    _ root: String, _ folder: String, depth: Int, into found: inout ClassFiles, _ host: Host
  ) throws {
    for name in try host.list(root + "/" + folder) where !name.hasPrefix(".") {
      let path = folder + "/" + name
      // What bytes that are no text are shown as: no file of that name can be opened.
      guard !name.unicodeScalars.contains("\u{FFFD}") else {
        throw Failure(
          "file-name", "image_folder: the name of \(root)/\(path) is no text in UTF-8",
          hint: "rename it; convmv renames whole folders")
      }
      if isImage(name) {
        found.files.append(path)
      } else if host.kind(of: root + "/" + path) == .folder {
        guard depth < 16 else {
          throw Failure(
            "empty-folder",
            "image_folder: \(root)/\(path) lies more than 16 folders deep; is it a loop?")
        }
        try collect(root, path, depth: depth + 1, into: &found, host)
      } else {
        found.leftOut += 1
      }
    }
  }

  private static func isImage(_ name: String) -> Bool {
    let lower = name.lowercased()
    return [".png", ".jpg", ".jpeg"].contains { lower.hasSuffix($0) }
  }
}
