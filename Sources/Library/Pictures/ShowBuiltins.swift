import Datasets
import Host
import Language
import Pictures
import Tensors

/// `show`, `write_png`, and what both can show.
func showBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "write_png", "Writes a figure or an image as a PNG file.",
      details: """
        A figure gets two pixels a point. A tensor [3, h, w] or [1, h, w] of 0..1 (or uint8) is \
        written pixel by pixel, and refused where it holds NaN; numbers further outside 0..1 than resampling \
        makes (-0.3 to 1.3) are stretched, which is said. Records are drawn as they were before \
        `normalize`. Several images are laid out as `grid` does. The path ends in .png; `write` writes other formats. The file appears whole or not at all.
        """,
      [
        .required("picture", .any, "a figure, a tensor, a record, or a list of images"),
        .required("path", .string, "where to"),
      ],
      result: "nil", examples: [Example("write_png(zeros(3, 8, 8), output_dir() + \"/black.png\")")]
    ) { call in
      let path = try call.string("path")
      let ending = fileEnding(path)
      guard ending.isEmpty || ending == "png" else {
        let isKnown = Library.fileFormats[ending]?.write != nil
        throw Failure(
          "file-format", "write_png: the path of a PNG must end in .png, got \"\(path)\"",
          hint: isKnown
            ? "write(picture, \"\(path)\") writes .\(ending)"
            : "or write(picture, path, format: \"png\")",
          argument: call.index(of: "path"))
      }
      try host.write(try library.png(of: call["picture"], in: call, "picture"), to: path)
      return .nil
    },
    Builtin(
      "show",
      "Shows a picture in the terminal, or writes it to the run's folder and prints where.",
      details: """
        A data set is shown by two dozen of its records, with their classes and boxes. What is no \
        picture is printed as the prompt displays it. Where there is no terminal that \
        shows pictures, the PNG goes to `output_dir()`, numbered in the order of the calls.
        """,
      [.required("value", .any, "a figure, an image, a record, a data set, or anything")],
      result: "nil", examples: [Example("show(12)")]
    ) { call in
      guard let bitmap = try Library.bitmap(of: call["value"]) else {
        host.output(call["value"].display(columns: host.columns) + "\n")
        return .nil
      }
      if bitmap.isStretched { library.note(DrawnPixels.note) }
      if host.outputIsTerminal,
        host.show(rgb: bitmap.rgb, width: bitmap.width, height: bitmap.height)
      {
        return .nil
      }
      let path = try library.keepPicture(
        try library.png(of: call["value"], in: call, "value"))
      host.output("\(path)\n")
      return .nil
    },
  ]
}

extension Library {
  /// Writes a picture into the run's folder; gives its path.
  func keepPicture(_ png: [UInt8]) throws -> String {
    session.shownPictures += 1
    let path = "\(try outputFolder())/picture-\(session.shownPictures).png"
    try host.write(png, to: path)
    return path
  }

  /// The figure that a value is or can be laid out as; nil where it shows nothing.
  static func bitmap(of value: Value) throws -> Bitmap? {
    switch value {
    case .object(let object as FigureObject): return try object.figure.bitmap()
    case .object(let object as TensorObject):
      let shape = object.tensor.shape
      guard
        shape.count == 4 && (shape[1] == 1 || shape[1] == 3)
          || shape.count == 3
            && (shape[0] == 1 || shape[0] == 3)
      else { return nil }
      guard shape.count == 4 else { return try Bitmap(object.tensor) }
      return try Sheet(value).flatMap(bitmap)
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

  /// Two dozen records from all over a data set (its first split) with their classes and boxes.
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

  /// The PNG of a figure, an image, or a sheet of images.
  func png(of value: Value, in call: Call, _ parameter: String) throws -> [UInt8] {
    if case .object(let object as FigureObject) = value { return try object.figure.png() }
    guard let bitmap = try Library.bitmap(of: value) else {
      throw call.wrong(parameter, "a figure, an image [3, h, w] or [1, h, w], or a list of images")
    }
    if bitmap.isStretched { note(DrawnPixels.note) }
    return try bitmap.png()
  }
}
