import Datasets
import Images
import Language

/// `resize`, `lowres`, `crop_to_box`.
func sizeTransforms(_ library: Library) -> [Builtin] {
  let method = Parameter.optional(
    "method", .string, Value("bicubic"), "\"bicubic\", \"bilinear\", \"area\" or \"nearest\"",
    namedOnly: true)
  return [
    transform(
      "resize", library, "Resizes images, antialiased where they shrink.",
      details: """
        Bicubic and bilinear equal torch.nn.functional.interpolate(mode=..., antialias=True) and, up \
        to its rounding, Pillow; "area" is the mean of what a new pixel covers, "nearest" the pixel at \
        its centre. A bicubic result may leave 0..1 at sharp edges: it is not clamped. Boxes are \
        scaled along.
        """,
      [.required("size", .size, "the new side in pixels, or [height, width]"), method],
      examples: [
        Example("resize(zeros(2, 3, 8, 8), [4, 6]).shape", "[2, 3, 4, 6]"),
        Example(
          "shapes(3) |> resize(16)", "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)"),
      ]
    ) { call in
      let (height, width) = try call.size("size")
      return Transforms.resize(height: height, width: width, method: try call.resizeMethod())
    },
    transform(
      "lowres", library,
      "Takes images through few pixels: down to a size and up again.",
      details: """
        The result is limited to 0..1, unless the image's numbers lie elsewhere: after `normalize`, or \
        where they are 0..255.
        """,
      [.required("size", .size, "the side in pixels to go through, or [height, width]"), method],
      examples: [
        Example("lowres(zeros(3, 8, 8), 4).shape", "[3, 8, 8]"),
        Example("shapes(3) |> lowres(7)", "dataset: 3 records, 3 classes, [1, 32, 32], lowres(7)"),
      ]
    ) { call in
      let (height, width) = try call.size("size")
      return Transforms.lowres(height: height, width: width, method: try call.resizeMethod())
    },
    transform(
      "crop_to_box", library, "Cuts images to the pixels that the record's box touches.",
      [
        .optional(
          "margin", .number, .number(0),
          "how much more on each side, as a share of the box's width and height")
      ],
      examples: [
        Example(
          "shapes(3) |> crop_to_box() |> resize(16)",
          "dataset: 3 records, 3 classes, [1, 16, 16], crop_to_box() |> resize(16)")
      ]
    ) { call in Transforms.cropToBox(margin: try call.number("margin", in: 0...1000)) },
  ]
}

extension Call {
  /// The way of resizing.
  fileprivate func resizeMethod() throws -> ResizeMethod {
    guard let method = ResizeMethod(rawValue: try string("method")) else {
      throw wrong("method", "\"bicubic\", \"bilinear\", \"area\" or \"nearest\"")
    }
    return method
  }
}
