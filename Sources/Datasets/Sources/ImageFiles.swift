import Host
import Images

/// The image files at any depth below a folder.
struct ImageFiles {
  /// The folder, which may be the name of a class.
  let name: String
  /// Paths from the root, in the order of their names.
  private(set) var files: [String] = []
  /// The extensions of the files that are not images, one entry per file.
  private(set) var leftOut: [String] = []

  /// Finds the files in `folder`, which is inside `root`; `.` is the root itself. Throws
  /// `file-name` for a name that is not text, `empty-folder` for endlessly nested folders, and the
  /// host's errors.
  init(_ folder: String, in root: String, as name: String? = nil, host: Host) throws {
    self.name = name ?? folder
    try collect(root, folder == "." ? "" : folder + "/", depth: 0, host)
  }

  /// Files that systems, editors and archives leave behind; they are neither classes nor images.
  static func isJunk(_ name: String) -> Bool {
    name.hasPrefix(".") || junk.contains(name.lowercased())
  }

  /// Whether a file with this name is an image.
  static func isImage(_ name: String) -> Bool {
    !isJunk(name) && ImageFormat.endings.contains { name.lowercased().hasSuffix("." + $0) }
  }

  private static let junk: Set = [
    "__macosx", "@eadir", "__pycache__", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin",
    "system volume information", "lost+found", "#recycle",
  ]

  /// How many files were left out, by extension: `2 .txt, 1 .xml`; empty if none were.
  static func leftOut(_ found: [ImageFiles]) -> String? {
    var counts: [String: Int] = [:]
    for ending in found.lazy.flatMap(\.leftOut) { counts[ending, default: 0] += 1 }
    if counts.isEmpty { return nil }
    let total = counts.values.reduce(0, +)
    let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown =
      kinds.prefix(4).map { "\($0.value) \($0.key)" } + (kinds.count > 4 ? ["others"] : [])
    let subject =
      total == 1 ? "1 file that is not an image is" : "\(total) files that are not images are"
    return "\(subject) left out: \(shown.joined(separator: ", "))"
  }

  /// `folder` is empty or ends in a slash.
  private mutating func collect(_ root: String, _ folder: String, depth: Int, _ host: Host) throws {
    for name in try host.list(FolderPath.trimmed(root + "/" + folder))
    where !ImageFiles.isJunk(name) {
      let path = folder + name
      // The character that stands for bytes that are not text: no file with that name can be
      // opened.
      guard !name.unicodeScalars.contains("\u{FFFD}") else {
        throw Failure(
          "file-name", "image_folder: the name of \(root)/\(path) is not text in UTF-8",
          hint: "rename it; convmv renames whole folders")
      }
      if ImageFiles.isImage(name) {
        files.append(path)
      } else if host.kind(of: root + "/" + path) == .folder {
        guard depth < 16 else {
          throw Failure(
            "empty-folder",
            "image_folder: \(root)/\(path) is more than 16 folders deep; does a link form a loop?")
        }
        try collect(root, path + "/", depth: depth + 1, host)
      } else {
        leftOut.append(ImageFiles.ending(of: name))
      }
    }
  }

  private static func ending(of name: String) -> String {
    guard let dot = name.lastIndex(of: ".") else { return "without an extension" }
    return name[dot...].lowercased()
  }
}
