import Datasets
import Host
import Images
import Language
import Tensors

/// What changes images: `resize`, `lowres`, `crop_to_box`, `grey`, `normalize`, `random_flip`,
/// `map_images`.
func transformBuiltins(_ library: Library) -> [Builtin] {
  [
    transform(
      "resize", library, "Resizes images, bicubic with antialiasing, as PyTorch does.",
      details: """
        The result may leave 0..1 at sharp edges: it is not clamped. Boxes are scaled along. Equal to \
        torch.nn.functional.interpolate(mode="bicubic", antialias=True).
        """,
      [.required("size", .size, "the new side in pixels, or [height, width]")],
      examples: [
        Example("resize(zeros(2, 3, 8, 8), [4, 6]).shape", "[2, 3, 4, 6]"),
        Example(
          "shapes(3) |> resize(16)", "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)"),
      ]
    ) { call in
      let (height, width) = try call.size("size")
      return Transforms.resize(height: height, width: width)
    },
    transform(
      "lowres", library,
      "Takes images through few pixels: down to a size and up again, clamped to 0..1.",
      [.required("size", .size, "the side in pixels to go through, or [height, width]")],
      examples: [
        Example("lowres(zeros(3, 8, 8), 4).shape", "[3, 8, 8]"),
        Example("shapes(3) |> lowres(7)", "dataset: 3 records, 3 classes, [1, 32, 32], lowres(7)"),
      ]
    ) { call in
      let (height, width) = try call.size("size")
      return Transforms.lowres(height: height, width: width)
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
    ) { call in
      let margin = try call.number("margin")
      guard margin >= 0, margin <= 1000 else { throw call.wrong("margin", "a number, 0 or more") }
      return Transforms.cropToBox(margin: margin)
    },
    transform(
      "grey", library, "Makes images grey, with one channel: 0.299 R + 0.587 G + 0.114 B.", [],
      examples: [Example("grey(ones(3, 4, 4)).shape", "[1, 4, 4]")]
    ) { _ in Transforms.grey() },
    transform(
      "normalize", library, "Takes a mean off each channel and divides by a standard deviation.",
      [
        .required("mean", .perChannel, "one number, or one a channel"),
        .required("std", .perChannel, "one number, or one a channel"),
      ],
      examples: [Example("normalize(ones(1, 1, 2), 0.5, 0.25)[0, 0, 1].item()", "2")]
    ) { call in
      let deviation = try call.channels("std")
      guard deviation.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw call.wrong("std", "above 0")
      }
      return Transforms.normalize(mean: try call.channels("mean"), deviation: deviation)
    },
    transform(
      "random_flip", library, "Mirrors images left to right at random, anew each epoch.",
      details: """
        Whether a record is mirrored depends on the seed, the record and the epoch: views of the same \
        records flip alike.
        """,
      [.optional("probability", .number, .number(0.5), "how often, 0 to 1", namedOnly: true)],
      examples: [Example("random_flip(zeros(2, 3, 4, 4)).shape", "[2, 3, 4, 4]")]
    ) { call in
      let probability = try call.number("probability")
      guard (0...1).contains(probability) else { throw call.wrong("probability", "0 to 1") }
      return Transforms.randomFlip(probability: probability)
    },
    transform(
      "map_images", library, "Puts each image through a function.",
      details: """
        The function gets an image [c, h, w], float32 in 0..1, and gives another. Nobody can tell what \
        a function does, so its results are kept only if `key` names it; give another key when the \
        function changes.
        """,
      [
        .required("fn", .callable, "the function of an image"),
        .optional("key", .string, .nil, "the function's name among what is kept", namedOnly: true),
      ],
      examples: [Example("map_images(zeros(2, 1, 2, 2), x -> x + 1).mean()", "1")]
    ) { call in
      let (function, machine) = (call["fn"], call.machine)
      return Transforms.map(key: call.isNil("key") ? nil : try call.string("key")) { image in
        let result = try machine.call(function, CallArguments([Value(image)]))
        guard case .object(let object as TensorObject) = result else {
          throw Failure(
            "type", "map_images: the function must give a tensor, it gave \(result.brief)")
        }
        return try Pixels.floats(object.tensor)
      }
    },
  ]
}

/// A staged builtin that changes images wherever they are.
func transform(
  _ name: String, _ library: Library, _ summary: String, details: String = "",
  _ options: [Parameter], examples: [Example], make: @escaping (Call) throws -> any Transform
) -> Builtin {
  Builtin(
    name, area: "transforms", summary, details: details,
    [
      .required(
        "images", .images, "an image [c, h, w], a batch [n, c, h, w], a record or a dataset")
    ]
      + options,
    result: "what came, changed; without images a transform", examples: examples,
    methodOf: ["dataset", "record"], staging: .staged(input: .images)
  ) { call in
    let transform = try make(call)
    switch call["images"] {
    case .object(let object as DatasetObject):
      return .object(
        DatasetObject(object.dataset.map { $0.mapped(transform, seed: library.seed) }))
    case .object(let object as RecordObject):
      return .object(RecordObject(object.view.mapped(transform, seed: library.seed), 0))
    case .object(let object as TensorObject):
      let images = object.variable.cut(by: name)
      let key = transform.isRandom ? library.nextKey() : RandomKey(seed: 0)
      return Value(try transform.apply(toImages: images, key))
    default: throw call.wrong("images", "an image, a batch, a record or a dataset")
    }
  }
}

extension ParameterType {
  /// What transforms act on.
  static let images = ParameterType("tensor, record or dataset") {
    tensor.accepts($0) || record.accepts($0) || dataset.accepts($0)
  }
  /// A size of images.
  fileprivate static let size = ParameterType("whole number or [h, w]") {
    whole.accepts($0) || list.accepts($0)
  }
  /// A number for all channels or a list for each.
  fileprivate static let perChannel = ParameterType("number or list of numbers") {
    number.accepts($0) || list.accepts($0)
  }
}

extension Call {
  /// A side, or [height, width], in pixels.
  fileprivate func size(_ name: String) throws -> (height: Int, width: Int) {
    let wanted = "a whole number of pixels, 1 to 65536, or [height, width]"
    var numbers: [Double]
    if case .number(let side) = self[name] {
      numbers = [side, side]
    } else {
      numbers = try self.numbers(name)
    }
    guard numbers.count == 2, numbers.allSatisfy({ $0 == $0.rounded() && (1...65536).contains($0) })
    else { throw wrong(name, wanted) }
    return (Int(numbers[0]), Int(numbers[1]))
  }

  /// One number, or one for each channel.
  fileprivate func channels(_ name: String) throws -> [Double] {
    if case .number(let number) = self[name] { return [number] }
    let numbers = try self.numbers(name)
    if numbers.isEmpty { throw wrong(name, "a number, or one a channel") }
    return numbers
  }
}
