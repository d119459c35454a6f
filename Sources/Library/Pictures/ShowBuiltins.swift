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

/// The builtins `show` and `write_png`.
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
      guard var display = try library.picture(of: call[picture]), let png = display.png else {
        throw call.wrong(picture, "a figure, an image [3, h, w] or [1, h, w], or a list of images")
      }
      display.path = file
      try host.write(try png(), to: file)
      _ = try host.show(display)
    },
    Builtin(
      "show",
      "Shows a picture or a table in the terminal or the notebook, or else writes the picture to the run's folder.",
      details: """
        For a data set, two dozen records are shown with their classes and boxes. A value that is \
        not a picture is printed as the prompt displays it. If pictures cannot be shown, the PNG \
        is written to `output_dir()`, numbered in the order of the calls, and its path is printed.
        """,
      searchTerms: ["imshow", "display", "view image"], [shown],
      examples: [Example("show(12)")]
    ) { call in
      let value = try call[shown]
      let display = try library.display(of: value)
      if let display, try host.show(display) != .nowhere { return }
      guard let png = display?.png else {
        host.output(value.display(columns: host.columns) + "\n")
        return
      }
      host.output("\(try library.keepPicture(try png()))\n")
    },
  ]
}
