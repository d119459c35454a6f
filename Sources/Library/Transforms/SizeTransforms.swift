import Datasets
import Host
import Images
import Language

/// `resize`, `center_crop`, `lowres`, `crop_to_box`.
func sizeTransforms(_ library: Library) -> [Builtin] {
  let method = Parameter.optional(
    "method", .string, Value(Transforms.method.standard.rawValue),
    "\"bicubic\", \"bilinear\", \"area\" or \"nearest\"",
    namedOnly: true)
  return [
    transform(
      "resize", library, "Resizes images, antialiased where they shrink.",
      details: """
        Bicubic and bilinear equal torch.nn.functional.interpolate(mode=..., antialias=True) and, up \
        to its rounding, Pillow; "area" is the mean of what a new pixel covers, "nearest" the pixel at \
        its centre. A bicubic result may leave 0..1 at sharp edges: it is not clamped. Boxes are \
        scaled along.

        `shorter` takes the shorter side to a length, and the longer one in proportion (rounded down): with \
        `center_crop`, what torchvision's Resize(256) and CenterCrop(224) do.
        """,
      [
        .optional("size", .size, .nil, "the new side in pixels, or [height, width]"), method,
        .optional("shorter", .whole, .nil, "the new shorter side in pixels", namedOnly: true),
      ],
      examples: [
        Example("resize(zeros(2, 3, 8, 8), [4, 6]).shape", "[2, 3, 4, 6]"),
        Example(
          "shapes(3) |> resize(16)", "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)"),
        Example("resize(zeros(3, 20, 31), shorter: 10).shape", "[3, 10, 15]"),
      ]
    ) { call in
      guard call.isNil("shorter") else {
        guard call.isNil("size") else {
          throw Failure(
            "argument", "resize: size and shorter are given, one of them is wanted",
            hint: "resize(224) is a square, resize(shorter: 224) keeps the proportion",
            argument: call.index(of: "shorter"))
        }
        let shorter = try call.int("shorter", minimum: 1)
        guard shorter <= 65536 else { throw call.wrong("shorter", "1 to 65536 pixels") }
        return Transforms.resize(shorter: shorter, method: try call.resizeMethod())
      }
      if call.isNil("size") {
        throw Failure(
          "argument", "resize: size or shorter is wanted",
          hint: "resize(224), resize([240, 320]) or resize(shorter: 224)")
      }
      let (height, width) = try call.size("size")
      return Transforms.resize(height: height, width: width, method: try call.resizeMethod())
    },
    transform(
      "center_crop", library, "Cuts the middle out of images.",
      details: """
        Where the images are an odd number of pixels larger, it begins where torchvision's CenterCrop does. \
        A box is cut along, and is nil where nothing of it is left; parts outside go.
        """,
      [.required("size", .size, "the side of the result in pixels, or [height, width]")],
      examples: [
        Example("center_crop(arange(25).reshape(1, 5, 5), 1).item()", "12"),
        Example(
          "shapes(3) |> resize(shorter: 20) |> center_crop(16)",
          "dataset: 3 records, 3 classes, [1, 16, 16], resize(shorter: 20) |> center_crop(16)"),
      ]
    ) { call in
      let (height, width) = try call.size("size")
      return Transforms.centerCrop(height: height, width: width)
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
          "margin", .number, .number(Transforms.margin.standard),
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
