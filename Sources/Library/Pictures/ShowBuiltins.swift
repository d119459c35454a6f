import Datasets
import Host
import Language
import Pictures
import Tensors

private let picture = Argument(
  "picture", .any, "a figure, a tensor, a record, or a list of images")
private let path = Argument("path", .string, "the file to write")
private let shown = Argument(
  "value", .any, "a figure, an image, a record, a data set, or anything")

/// The builtins `show` and `write_png`, and the conversion of values to pictures that they share.
func showBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "write_png", "Writes a figure or an image as a PNG file.",
      details: """
        A figure has two pixels per point. A tensor [3, h, w] or [1, h, w] of 0..1 (or uint8) is \
        written pixel by pixel; NaN is an error. Numbers further outside 0..1 than resampling \
        makes them (-0.3 to 1.3) are stretched to 0..1, with a note. Records are drawn as they \
        were before `normalize`. Several images are laid out as `grid` does. The path must end in \
        .png; `write` writes other formats. If writing fails, no partial file is left behind.
        """,
      searchTerms: ["imwrite", "imsave", "savefig", "save image"], [picture, path],
      examples: [Example("write_png(zeros(3, 8, 8), output_dir() + \"/black.png\")")]
    ) { call in
      let file = try call[path]
      let ending = fileEnding(file)
      guard ending.isEmpty || ending == "png" else {
        let isKnown = Library.fileFormats[ending]?.write != nil
        throw call.fault(
          path, "the path of a PNG must end in .png, got \"\(file)\"", kind: "file-format",
          hint: isKnown
            ? "write(picture, \"\(file)\") writes .\(ending)"
            : "or write(picture, path, format: \"png\")")
      }
      try host.write(try library.png(of: picture, in: call), to: file)
    },
    Builtin(
      "show",
      "Shows a picture in the terminal, or writes it to the run's folder and prints its path.",
      details: """
        For a data set, two dozen records are shown with their classes and boxes. A value that is \
        not a picture is printed as the prompt displays it. If the terminal cannot show pictures, \
        the PNG is written to `output_dir()` and numbered in the order of the calls.
        """,
      searchTerms: ["imshow", "display", "view image"], [shown],
      examples: [Example("show(12)")]
    ) { call in
      let value = try call[shown]
      guard let bitmap = try Library.bitmap(of: value) else {
        host.output(value.display(columns: host.columns) + "\n")
        return
      }
      if bitmap.isStretched { library.note(DrawnPixels.note) }
      if host.outputIsTerminal,
        host.show(rgb: bitmap.rgb, width: bitmap.width, height: bitmap.height)
      {
        return
      }
      let path = try library.keepPicture(try library.png(of: shown, in: call))
      host.output("\(path)\n")
    },
  ]
}

extension Library {
  /// Writes a picture to the output folder of the run and returns its path.
  func keepPicture(_ png: [UInt8]) throws -> String {
    run.shownPictures += 1
    let path = "\(try outputFolder())/picture-\(run.shownPictures).png"
    try host.write(png, to: path)
    run.recorder?.add(picture: png, number: run.shownPictures)
    return path
  }

  /// Returns the bitmap of a figure, or of a value that can be laid out as one; nil if the value is
  /// not a picture.
  static func bitmap(of value: Value) throws -> Bitmap? {
    switch value {
    case .object(let object as FigureObject): return try object.figure.bitmap()
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

  /// Returns the PNG of an argument that is a figure, an image or a sheet of images.
  fileprivate func png(of picture: Argument<Value>, in call: Call) throws -> [UInt8] {
    let value = try call[picture]
    if case .object(let object as FigureObject) = value { return try object.figure.png() }
    guard let bitmap = try Library.bitmap(of: value) else {
      throw call.wrong(picture, "a figure, an image [3, h, w] or [1, h, w], or a list of images")
    }
    if bitmap.isStretched { note(DrawnPixels.note) }
    return try bitmap.png()
  }
}
