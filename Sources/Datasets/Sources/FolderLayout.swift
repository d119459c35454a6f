import Host

/// The images of a folder, by class: all of a data set, or one of its splits.
struct FolderPart {
  /// `train`, `val` or `test`; nil if there are no splits.
  var split: String?
  /// The folder that holds the classes.
  let root: String
  /// The images of each class; without labels a single entry, which is not a class.
  let classes: [ImageFiles]
  /// Whether the records have labels.
  let isLabelled: Bool
  /// The number of images next to the class folders.
  var strays = 0

  /// The names of the classes.
  var classNames: [String] { isLabelled ? classes.map(\.name) : [] }

  /// Warnings. `above` is the folder that was opened.
  func notes(of above: String) -> [String] {
    var notes: [String] = []
    if let leftOut = ImageFiles.leftOut(classes) { notes.append("\(root): \(leftOut)") }
    if strays > 0 {
      notes.append(
        "\(root): \(strays == 1 ? "1 image" : "\(strays) images") next to the class folders "
          + "\(strays == 1 ? "is" : "are") left out")
    }
    if let deeper = deeperClasses {
      notes.append(
        "the only class is \(classes[0].name), whose images are in \(deeper) folders; if these are the "
          + "classes, open \(root)/\(classes[0].name)")
    }
    return notes
  }

  /// The number of folders that contain the images of the only class, if there are several: CUB's
  /// `images/` looks like such a class if the folder above is opened.
  private var deeperClasses: Int? {
    guard classes.count == 1, isLabelled else { return nil }
    var inner: Set<Substring> = []
    for file in classes[0].files {
      let parts = file.split(separator: "/", maxSplits: 2)
      guard parts.count == 3 else { return nil }
      inner.insert(parts[1])
    }
    return inner.count > 1 ? inner.count : nil
  }
}

/// How the folders of a data set are interpreted.
struct FolderLayout {
  /// One part, or one for each split.
  private(set) var parts: [FolderPart] = []
  /// Notes about all parts.
  private(set) var notes: [String] = []
  private let root: String
  private let host: Host

  /// Whether the parts are splits.
  var hasSplits: Bool { parts[0].split != nil }

  /// Reads the layout of an existing folder. Throws `empty-folder`, `layout` and the host's errors.
  init(_ root: String, isLabelled: Bool, _ host: Host) throws {
    self.root = root
    self.host = host
    if !isLabelled {
      parts = [try unlabelled(root)]
      return
    }
    let folders = try self.folders(root)
    let splits = folders.filter { SplitName.split($0) != nil }
    if try !splits.isEmpty && areSplits(splits, of: folders) {
      for split in splits {
        var part = try part(root + "/" + split)
        part.split = SplitName.split(split)
        parts.append(part)
      }
    } else {
      parts = [try part(root)]
    }
    for part in parts where !part.isLabelled {
      notes.append(
        "\(part.root) holds images and no class folders, so its records have no labels")
    }
  }

  /// Whether folders with the names of splits are splits, not classes. Throws `layout` if a split
  /// occurs twice, or if there are images in other folders next to the splits: these could be
  /// classes, and leaving them out would go unnoticed. If all folders hold images directly, they
  /// are classes: trains next to cars.
  private mutating func areSplits(_ splits: [String], of folders: [String]) throws -> Bool {
    let others = try folders.filter { try SplitName.split($0) == nil && hasImages($0) }
    if !others.isEmpty {
      let isTrain = splits.contains { SplitName.split($0) == "train" }
      if !isTrain { return false }
      if try (splits + others).allSatisfy({ try !images(root + "/" + $0).isEmpty }) {
        notes.append(
          "\(root): \(splits.joined(separator: ", ")) is treated as a class, since it holds images "
            + "directly, as \(others[0]) does")
        return false
      }
    }
    for split in splits {
      let meaning = SplitName.split(split)
      if let other = splits.first(where: { $0 < split && SplitName.split($0) == meaning }) {
        throw Failure(
          "layout", "image_folder: \(root) has \(other)/ and \(split)/, which are the same split",
          hint: "rename or move one of them")
      }
    }
    guard let first = others.first else { return true }
    let more = others.count > 1 ? " and \(others.count - 1) more" : ""
    throw Failure(
      "layout",
      "image_folder: \(root) has \(splits.map { $0 + "/" }.joined(separator: ", ")) and next to "
        + "them \(first)/\(more) with images; a folder must contain either splits or classes",
      hint: "move what is not a split out of \(root), or open one split alone: "
        + "image_folder(\"\(root)/\(splits[0])\")")
  }

  /// Reads a folder of class folders, or of images only.
  private func part(_ path: String) throws -> FolderPart {
    let (folders, strays) = (try folders(path), try images(path).count)
    if strays > 0, try !folders.contains(where: { try hasImages($0, in: path) }) {
      return try unlabelled(path)
    }
    guard !folders.isEmpty else {
      throw Failure(
        "empty-folder",
        "image_folder: \(path) must contain a folder of images for each class, but contains neither folders nor images"
      )
    }
    let classes = try folders.map { name in
      try Interrupt.check()
      let found = try ImageFiles(name, in: path, host: host)
      guard !found.files.isEmpty else {
        let held = ImageFiles.leftOut([found]).map { "; \($0)" } ?? ""
        throw Failure(
          "empty-folder",
          "image_folder: the class folder \(path)/\(name) holds no images" + held,
          hint: "remove it, or put images into it")
      }
      return found
    }
    return FolderPart(root: path, classes: classes, isLabelled: true, strays: strays)
  }

  private func unlabelled(_ path: String) throws -> FolderPart {
    let found = try ImageFiles(".", in: path, host: host)
    guard !found.files.isEmpty else {
      throw Failure("empty-folder", "image_folder: \(path) holds no images")
    }
    return FolderPart(root: path, classes: [found], isLabelled: false)
  }

  private func folders(_ path: String) throws -> [String] {
    try host.list(path).filter { name in
      !ImageFiles.isJunk(name) && !ImageFiles.isImage(name)
        && host.kind(of: path + "/" + name) == .folder
    }
  }

  /// The images directly in a folder.
  private func images(_ path: String) throws -> [String] {
    try host.list(path).filter(ImageFiles.isImage)
  }

  /// Whether there are images in a folder or in one of its subfolders.
  private func hasImages(_ name: String, in above: String? = nil) throws -> Bool {
    let folder = (above ?? root) + "/" + name
    if try !images(folder).isEmpty { return true }
    return try folders(folder).contains { try !images(folder + "/" + $0).isEmpty }
  }
}
