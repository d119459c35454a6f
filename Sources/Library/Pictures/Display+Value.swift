import Datasets
import Host
import Language
import Pictures
import Tensors

extension Display {
  /// Creates the display of a figure; `path` is the file that it is written to, if it is.
  init(_ figure: Figure, path: String? = nil) {
    self.init(figure.title.isEmpty ? figure.summary : "\(figure.title): \(figure.summary)")
    self.path = path
    pixels = {
      let bitmap = try figure.bitmap()
      return (bitmap.rgb, bitmap.width, bitmap.height)
    }
    png = { try figure.png() }
    svg = { try figure.svg() }
  }
}

/// What builtins display.
extension Library {
  /// Returns the display of a figure, an image or images, with a note if their numbers are
  /// stretched to 0..1; nil for any other value.
  func picture(of value: Value) throws -> Display? {
    if case .object(let object as FigureObject) = value { return Display(object.figure) }
    guard let bitmap = try Library.bitmap(of: value) else { return nil }
    if bitmap.isStretched { note(DrawnPixels.note) }
    var display = Display(value.brief)
    display.pixels = { (bitmap.rgb, bitmap.width, bitmap.height) }
    display.png = { try bitmap.png() }
    return display
  }

  /// Returns the display of a picture or of a table; nil for any other value.
  func display(of value: Value) throws -> Display? {
    guard case .object(let table as TableObject) = value else { return try picture(of: value) }
    var display = Display(table.summary)
    display.html = { table.html }
    return display
  }

  /// Tells the front end of a picture that was written to a file.
  func showWritten(_ value: Value, to path: String) throws {
    guard var display = try picture(of: value) else { return }
    display.path = path
    _ = try host.show(display)
  }

  /// Writes a picture to the output folder of the run and returns its path.
  func keepPicture(_ png: [UInt8]) throws -> String {
    run.shownPictures += 1
    let path = "\(try outputFolder())/picture-\(run.shownPictures).png"
    try host.write(png, to: path)
    run.recorder?.add(picture: png, number: run.shownPictures)
    return path
  }

  /// Returns the bitmap of a value that can be laid out as one; nil if it is not a picture.
  static func bitmap(of value: Value) throws -> Bitmap? {
    switch value {
    case .object(let object as TensorObject):
      let shape = object.tensor.shape
      guard [3, 4].contains(shape.count), [1, 3].contains(shape[shape.count - 3]) else {
        return nil
      }
      return try shape.count == 3 ? Bitmap(object.tensor) : Sheet(value).flatMap(bitmap)
    case .object(let object as DatasetObject): return try sample(of: object.dataset)
    case .object, .list:
      guard let sheet = try? Sheet(value) else { return nil }
      if case .image(let bitmap)? = sheet.tiles.first, sheet.tiles.count == 1, !sheet.hasNotes {
        return bitmap
      }
      return try bitmap(of: sheet)
    default: return nil
    }
  }

  private static func bitmap(of sheet: Sheet) throws -> Bitmap? {
    guard !sheet.tiles.isEmpty, sheet.tiles.count <= 1000 else { return nil }
    return try bitmap(of: sheet, sheet.panel())
  }

  private static func bitmap(of sheet: Sheet, _ panel: Panel) throws -> Bitmap {
    var bitmap = try panel.figure().bitmap()
    bitmap.isStretched = sheet.tiles.contains(where: \.isStretched)
    return bitmap
  }

  /// Returns two dozen records, spread evenly over the first split of a data set, with their
  /// classes and boxes.
  private static func sample(of dataset: Dataset) throws -> Bitmap? {
    let (name, view) = (dataset.splits[0].name, dataset.splits[0].view)
    let count = min(24, view.count)
    guard count > 0, let sheet = try? Sheet(view, (0..<count).map { $0 * view.count / count })
    else { return nil }
    var panel = sheet.panel()
    panel.title =
      (name.isEmpty ? "" : name + ": ")
      + (count < view.count ? "\(count) of \(view.summary)" : view.summary)
    return try bitmap(of: sheet, panel)
  }
}
