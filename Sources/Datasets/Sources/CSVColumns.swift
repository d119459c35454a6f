import Formats
import Host

/// The columns of a table by name. Case, spaces, hyphens and underscores in names are ignored.
struct CSVColumns {
  /// The names of the column of paths.
  static let paths = [
    "path", "image", "file", "filename", "filepath", "imagepath", "imagefile", "imagename",
    "imageid",
    "img", "imgpath", "fname",
  ]
  /// The names of the column of labels.
  static let labels = [
    "label", "class", "classname", "labelname", "target", "category", "categoryname", "species",
    "classid", "labelid", "categoryid",
  ]
  /// The names of the column of splits.
  static let splits = ["split", "subset"]

  /// The column names, normalised for comparison.
  let names: [String]
  private let head: [String]
  private let path: String

  /// Throws `csv` if the first line contains none of the expected column names.
  init(_ table: CSVRows, _ path: String) throws {
    names = table.head.map { $0.lowercased().filter { !" _-.".contains($0) } }
    head = table.head
    self.path = path
    let known = Set(CSVColumns.paths + CSVColumns.labels + CSVColumns.splits + BoxForm.names)
    guard !names.contains(where: known.contains) else { return }
    if head.count == 1 {
      for (mark, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
      where head[0].contains(mark) {
        throw Failure(
          "csv", "csv_dataset: \(path): cells must be separated by commas, not by \(name)",
          hint: "save the table with commas")
      }
    }
    let isRecord = head.contains { ImageFiles.isImage($0) || Double($0) != nil }
    throw Failure(
      "csv",
      "csv_dataset: \(path): the first line must name the columns, at least path and label; got "
        + head.prefix(8).joined(separator: ","),
      hint: isRecord
        ? "write path,label above it, in the order of the columns"
        : "name the column of files path, image, file, filename, image_path or image_id, and that of "
          + "classes label, class, class_name, target or category")
  }

  /// The first column with one of these names.
  func first(_ spellings: [String]) -> Int? {
    spellings.lazy.compactMap { names.firstIndex(of: $0) }.first
  }

  /// The same; throws `csv` if there is none.
  func wanted(_ spellings: [String]) throws -> Int {
    if let found = first(spellings) { return found }
    throw Failure(
      "csv",
      "csv_dataset: \(path) has no column \(spellings[0]); its first line names "
        + head.joined(separator: ", "),
      hint: "name it " + spellings.prefix(5).joined(separator: ", ") + " or similar")
  }

  /// The columns of boxes; nil if there are none. Throws `csv` if some are missing.
  func boxes() throws -> (form: BoxForm, places: [Int])? {
    for form in BoxForm.all {
      let places = form.columns.compactMap { names.firstIndex(of: $0) }
      if places.count == form.columns.count { return (form, places) }
    }
    let some = names.indices.filter { BoxForm.names.contains(names[$0]) }
    guard some.contains(where: { !BoxForm.sides.contains(names[$0]) }) else { return nil }
    throw Failure(
      "csv",
      "csv_dataset: \(path) has the columns \(some.map { head[$0] }.joined(separator: ", ")); a box is "
        + "x, y, width, height or x1, y1, x2, y2",
      hint:
        "xmin, ymin, xmax, ymax and left, top, right, bottom are recognised too, and bbox, a cell of "
        + "x, y, width and height; rename columns that are not a box")
  }
}

/// A set of columns that together give a box.
struct BoxForm {
  /// Their names.
  let columns: [String]
  /// Whether the last two are a corner, not width and height.
  let isCornered: Bool

  /// Corners come first: next to them, width and height are those of the image.
  static let all: [BoxForm] = {
    let corners = [
      ["xmin", "ymin", "xmax", "ymax"], ["x1", "y1", "x2", "y2"], ["x0", "y0", "x1", "y1"],
      ["left", "top", "right", "bottom"], ["xtl", "ytl", "xbr", "ybr"],
      ["minx", "miny", "maxx", "maxy"],
    ]
    let begins = [["x", "y"], ["left", "top"], ["xmin", "ymin"], ["x1", "y1"], ["x0", "y0"]]
    let sizes = [["width", "height"], ["w", "h"]]
    let plain =
      corners.map { BoxForm(columns: $0, isCornered: true) }
      + begins.flatMap { begin in
        sizes.map { BoxForm(columns: begin + $0, isCornered: false) }
      }
    let prefixed = ["", "bbox", "box"].flatMap { prefix in
      plain.map {
        BoxForm(columns: $0.columns.map { prefix + $0 }, isCornered: $0.isCornered)
      }
    }
    return prefixed + ["bbox", "box"].map { BoxForm(columns: [$0], isCornered: false) }
  }()

  /// All names of such columns, including those of unsupported boxes, given by their centre.
  static let names =
    Set(all.flatMap(\.columns)).union(["cx", "cy", "xcenter", "ycenter", "centerx", "centery"])

  /// Names that, on their own, may be the image's size.
  static let sides: Set = ["width", "height", "w", "h"]
}
