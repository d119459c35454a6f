import Datasets
import Host
import Images
import Language

private let size = Argument(
  "size", .size, "the side of the result, or [height, width]", unit: "pixels")
private let newSize = Argument(
  "size", .optional(.size), "the new side, or [height, width]", unit: "pixels")
private let lowSize = Argument(
  "size", .size, "the side that images are reduced to, or [height, width]", unit: "pixels")
private let shorter = Argument(
  "shorter", .optional(.whole(1...65536)), "the new length of the shorter side", unit: "pixels",
  named: true)
private let method = Argument(
  "method", ArgumentType<ResizeMethod>.choice, default: Transforms.method.standard.rawValue,
  "how pixels are interpolated",
  named: true)
private let margin = Argument(
  "margin", .number(0...1000), default: Transforms.margin.standard,
  "how much to add on each side, as a fraction of the box's width and height")

/// `resize`, `center_crop`, `lowres`, `crop_to_box`.
func sizeTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "resize", library, "Resizes images, with antialiasing when they shrink.",
      details: """
        "bicubic" and "bilinear" equal torch.nn.functional.interpolate(mode=..., antialias=True) \
        and, up to its rounding, Pillow; "area" takes the mean of the pixels that a new pixel \
        covers, "nearest" the pixel at its centre. A bicubic result may leave 0..1 at sharp edges: \
        it is not clamped. Boxes are scaled with the images.

        `shorter` sets the length of the shorter side and keeps the proportions (the longer side is \
        rounded down); with `center_crop` it equals torchvision's Resize(256) and CenterCrop(224).
        """,
      searchTerms: ["scale", "interpolate", "imresize", "downsample", "upsample"],
      [newSize, method, shorter],
      examples: [
        Example("resize(zeros(2, 3, 8, 8), [4, 6]).shape", "[2, 3, 4, 6]"),
        Example(
          "shapes(3) |> resize(16)", "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)"),
        Example("resize(zeros(3, 20, 31), shorter: 10).shape", "[3, 10, 15]"),
      ]
    ) { call in
      let method = try call[method]
      switch (try call[newSize], try call[shorter]) {
      case (let size?, nil):
        return Transforms.resize(height: size.height, width: size.width, method: method)
      case (nil, let length?): return Transforms.resize(shorter: length, method: method)
      case (nil, nil):
        throw Failure(
          "argument", "resize: give size or shorter",
          hint: "resize(224), resize([240, 320]) or resize(shorter: 224)")
      case (_?, _?):
        throw call.fault(
          shorter, "size and shorter can't both be given",
          hint: "resize(224) is a square, resize(shorter: 224) keeps the proportions")
      }
    },
    transform(
      "center_crop", library, "Cuts out the centre of images.",
      details: """
        If the image is larger by an odd number of pixels, the crop begins where torchvision's \
        CenterCrop begins. The box is cropped with the image, and becomes nil if nothing of it is \
        left; parts outside are dropped.
        """,
      searchTerms: ["CenterCrop", "centre crop"], [size],
      examples: [
        Example("center_crop(arange(25).reshape(1, 5, 5), 1).item()", "12"),
        Example(
          "shapes(3) |> resize(shorter: 20) |> center_crop(16)",
          "dataset: 3 records, 3 classes, [1, 16, 16], resize(shorter: 20) |> center_crop(16)"),
      ]
    ) { call in
      let (height, width) = try call[size]
      return Transforms.centerCrop(height: height, width: width)
    },
    transform(
      "lowres", library, "Reduces images to a low resolution and scales them up again.",
      details: """
        The result is clamped to 0..1, unless the image is on another scale: after `normalize`, or \
        with numbers of 0..255.
        """,
      searchTerms: ["low resolution", "degradation", "downsample"], [lowSize, method],
      examples: [
        Example("lowres(zeros(3, 8, 8), 4).shape", "[3, 8, 8]"),
        Example("shapes(3) |> lowres(7)", "dataset: 3 records, 3 classes, [1, 32, 32], lowres(7)"),
      ]
    ) { call in
      let (height, width) = try call[lowSize]
      return Transforms.lowres(height: height, width: width, method: try call[method])
    },
    transform(
      "crop_to_box", library, "Crops images to the pixels that the record's box touches.",
      searchTerms: ["bounding box", "localization"], [margin],
      examples: [
        Example(
          "shapes(3) |> crop_to_box() |> resize(16)",
          "dataset: 3 records, 3 classes, [1, 16, 16], crop_to_box() |> resize(16)")
      ]
    ) { call in Transforms.cropToBox(margin: try call[margin]) },
  ]
}
