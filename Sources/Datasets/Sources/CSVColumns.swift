import Formats
import Host

/// The columns of a table by name. Capitals, spaces, hyphens and low lines in names don't count.
struct CSVColumns {
  /// What paths are called.
  static let paths = [
    "path", "image", "file", "filename", "filepath", "imagepath", "imagefile", "imagename",
    "imageid",
    "img", "imgpath", "fname",
  ]
  /// What labels are called.
  static let labels = [
    "label", "class", "classname", "labelname", "target", "category", "categoryname", "species",
    "classid", "labelid", "categoryid",
  ]
  /// What splits are called.
  static let splits = ["split", "subset"]

  /// The names as they are compared.
  let names: [String]
  private let head: [String]
  private let path: String

  /// Throws `csv` where the first line names none of the columns that are looked for.
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
        : "call the column of files path, image, file, filename, image_path or image_id, and that of "
          + "classes label, class, class_name, target or category")
  }

  /// The first column of these names.
  func first(_ spellings: [String]) -> Int? {
    spellings.lazy.compactMap { names.firstIndex(of: $0) }.first
  }

  /// The same; throws `csv` where there is none.
  func wanted(_ spellings: [String]) throws -> Int {
    if let found = first(spellings) { return found }
    throw Failure(
      "csv",
      "csv_dataset: \(path) has no column \(spellings[0]); its first line names "
        + head.joined(separator: ", "),
      hint: "call it " + spellings.prefix(5).joined(separator: ", ") + " or the like")
  }

  /// The columns of boxes; nil where there are none. Throws `csv` where some are missing.
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

/// Columns that make a box.
struct BoxForm {
  /// Their names.
  let columns: [String]
  /// Whether the last two are a corner, not width and height.
  let isCornered: Bool

  /// Corners come first: beside them width and height are the image's.
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

  /// All names of such columns, and those of boxes that are not read: by their middle.
  static let names =
    Set(all.flatMap(\.columns)).union(["cx", "cy", "xcenter", "ycenter", "centerx", "centery"])

  /// Names that alone may be the image's size.
  static let sides: Set = ["width", "height", "w", "h"]
}
