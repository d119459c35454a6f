import Datasets
import Formats
import Host
import Language
import Tensors

private let fashionRoot = Argument(
  "root", .optional(.string), "the folder of the four files; nil means where Debian installs them")
private let root = Argument("root", .string, "the folder")
private let imageFile = Argument(
  "images", .string, "the file of images [n, h, w] or [n, c, h, w]")
private let labelFile = Argument("labels", .string, "the file of labels [n], from 0")

private let records = Argument("x", .tensor, "the records [n, ...]")
private let labels = Argument("y", .classNumbers, "the labels [n], whole numbers from 0")
private let classes = Argument(
  "classes", .optional(.list(of: .string)), "the names of the classes; nil uses their numbers")
private let id = Argument(
  "id", .optional(.string),
  "a name for the records: data sets with the same id and size can be paired", named: true)

private let count = Argument(
  "n", .whole(0...), "the number of records, with val and test at most 2^24")
private let size = Argument(
  "size", .whole(4...4096), default: 32, "the image's side", unit: "pixels")
private let kind = Argument("kind", .choice(["basic", "geom"]), default: "basic", "which shapes")
private let colour = Argument(
  "colour", .bool, default: false, "whether images have three channels instead of one",
  named: true)
private let clutter = Argument(
  "clutter", .either(.number(0...4), ArgumentType<Bool>.bool.map { $0 ? 1 : 0 }), default: 0,
  "how much is behind the shape: 0 nothing, 0.2 a little, 1 (or true) a lot", named: true)
private let area = Argument(
  "area", .ends(0...0.5), default: [0.1, 0.4],
  "the smallest and largest fraction of the image that the shape covers", named: true)
private let val = Argument(
  "val", .whole(0...), default: 0, "how many further records form the split val", named: true)
private let test = Argument(
  "test", .whole(0...), default: 0, "how many further records form the split test", named: true)

/// The builtins that open or make data sets: `fashion_mnist`, `mnist`, `idx`, `shapes`,
/// `from_tensors`, and those of `fileSourceBuiltins`.
func datasetSourceBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "fashion_mnist",
      "Opens Fashion-MNIST: grey images [1, 28, 28] of clothes in 10 classes.",
      details: """
        `.train` has 60,000 records and `.test` 10,000 (Xiao et al., 2017). The files come with \
        Debian's package dataset-fashion-mnist.
        """,
      searchTerms: ["FashionMNIST", "benchmark"], [fashionRoot],
      result: "dataset with train and test",
      examples: [Example("let d = try { fashion_mnist() } catch e { nil }")]
    ) { call in
      Value(try IDX.fashionMNIST(host: host, root: call[fashionRoot]))
    },
    Builtin(
      "mnist",
      "Opens MNIST, or a data set in its format, from the folder of its four files.",
      details: """
        The files are train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and \
        t10k-labels-idx1-ubyte, gzipped or not.
        """,
      searchTerms: ["handwritten digits", "benchmark"], [root],
      result: "dataset with train and test",
      examples: [Example("let d = try { mnist(\"MNIST\") } catch e { nil }")]
    ) { call in
      Value(try IDX.mnist(call[root], host: host))
    },
    Builtin(
      "idx", "Makes a data set from two IDX files, gzipped or not.",
      details: """
        Images of bytes are scaled to 0..1; numbers of other types are used unscaled. Images [n, \
        h, w] get one channel.
        """,
      searchTerms: ["ubyte"], [imageFile, labelFile], result: "dataset",
      examples: [Example("let d = try { idx(\"images.idx\", \"labels.idx\") } catch e { nil }")]
    ) { call in
      Value(try IDX.dataset(images: call[imageFile], labels: call[labelFile], host: host))
    },
    shapes(library),
    fromTensors(),
  ]
}

private func fromTensors() -> Builtin {
  Builtin(
    "from_tensors", "Makes a data set from a tensor and its labels.",
    details: """
      Bytes (uint8) are scaled to 0..1; numbers of other types are used unscaled, as float32. \
      Images are [n, c, h, w], but records of any other shape can be trained on too.
      """,
    searchTerms: ["TensorDataset", "arrays"], [records, labels, classes, id], result: "dataset",
    examples: [
      Example(
        "from_tensors(zeros(4, 1, 8, 8), [0, 1, 2, 1])", "dataset: 4 records, 3 classes, [1, 8, 8]")
    ]
  ) { call in
    Value(
      try Dataset.fromTensors(
        images: call.untracked(records), labels: call[labels], classes: call[classes], id: call[id])
    )
  }
}

private func shapes(_ library: Library) -> Builtin {
  Builtin(
    "shapes",
    "Draws images of one geometric shape each, with its exact box.",
    details: """
      The data sets follow BasicShapes and GeomShapes (Bengio et al., Curriculum learning, 2009): \
      "basic" has squares, circles and equilateral triangles, "geom" rectangles, ellipses and any \
      triangles, each rotated and placed at random and drawn with anti-aliasing. Clutter puts a \
      texture behind the shape, with blobs, strokes and parts of other shapes. Record i depends \
      only on the options, the seed and i.
      """,
    searchTerms: ["synthetic", "toy data"],
    [count, size, kind, colour, clutter, area, val, test], result: "dataset",
    examples: [
      Example("shapes(10, size: 16)", "dataset: 10 records, 3 classes, [1, 16, 16]"),
      Example(
        "shapes(10, kind: \"geom\", colour: true, clutter: 1, test: 5)",
        "dataset: train 10, test 5, 3 classes, [3, 32, 32]"),
      Example("len(shapes(10)[0].box)", "4"),
    ]
  ) { call in
    var options = ShapeOptions()
    options.size = try call[size]
    options.isBasic = try call[kind] == "basic"
    options.isColour = try call[colour]
    options.clutter = try call[clutter]
    let area = try call[area]
    options.area = (area.lowerBound, area.upperBound)
    options.seed = library.random.seed
    return Value(try Dataset.shapes(options, train: call[count], val: call[val], test: call[test]))
  }
}

extension ArgumentType where T == [Int32] {
  /// Labels: a list or tensor [n] of whole numbers.
  fileprivate static var classNumbers: Self {
    @Sendable func label(_ number: Double) throws -> Int32 {
      guard let label = Int32(exactly: number) else {
        throw Failure("labels", "labels must be whole numbers from 0, got \(number)")
      }
      return label
    }
    return ArgumentType<[Double]>.vector.named("list or tensor [n] of whole numbers").map {
      try $0.map(label)
    }
  }
}
