import Datasets
import Formats
import Host
import Language
import Tensors

/// Where data sets come from: `fashion_mnist`, `mnist`, `idx`, `shapes`, `from_tensors`, and what
/// `fileSourceBuiltins` has.
func datasetSourceBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "fashion_mnist",
      "Gives Fashion-MNIST: grey images [1, 28, 28] of clothes in 10 classes.",
      details: """
        `.train` has 60,000 records, `.test` 10,000 (Xiao et al., 2017). The files are those of \
        Debian's package dataset-fashion-mnist.
        """,
      [
        .optional(
          "root", .string, .nil, "the folder of the four files; nil is where Debian puts them")
      ],
      result: "dataset with train and test",
      examples: [Example("let d = try { fashion_mnist() } catch e { nil }")]
    ) { call in
      let root = call.isNil("root") ? nil : try call.string("root")
      return .object(DatasetObject(try IDX.fashionMNIST(host: host, root: root)))
    },
    Builtin(
      "mnist",
      "Gives MNIST, or a data set in its form, from a folder with its four files.",
      details: """
        The files are train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and \
        t10k-labels-idx1-ubyte, gzipped or not.
        """,
      [.required("root", .string, "the folder")], result: "dataset with train and test",
      examples: [Example("let d = try { mnist(\"MNIST\") } catch e { nil }")]
    ) { call in
      .object(DatasetObject(try IDX.mnist(call.string("root"), host: host)))
    },
    Builtin(
      "idx", "Makes a data set from two IDX files, gzipped or not.",
      details: """
        Images of bytes count as 0..1; numbers of other types are taken as they are. Images [n, h, w] \
        get one channel.
        """,
      [
        .required("images", .string, "the file of images [n, h, w] or [n, c, h, w]"),
        .required("labels", .string, "the file of labels [n], from 0"),
      ], result: "dataset",
      examples: [Example("let d = try { idx(\"images.idx\", \"labels.idx\") } catch e { nil }")]
    ) { call in
      .object(
        DatasetObject(
          try IDX.dataset(
            images: call.string("images"), labels: call.string("labels"), host: host)))
    },
    shapes(library),
    fromTensors(),
  ]
}

private func fromTensors() -> Builtin {
  Builtin(
    "from_tensors", "Makes a data set from a tensor and its labels.",
    details: """
      Bytes (uint8) count as 0..1; numbers of other types are taken as they are, as float32. Images \
      are [n, c, h, w]; records of any other shape can be trained on, too.
      """,
    [
      .required("x", .tensor, "the records [n, ...]"),
      .required("y", .tensor | .list, "the labels [n], whole numbers from 0"),
      .optional("classes", .list, .nil, "the names of the classes; nil takes their numbers"),
      .optional(
        "id", .string, .nil,
        "a name for the records: data sets with the same id and size can be paired",
        namedOnly: true),
    ], result: "dataset",
    examples: [
      Example(
        "from_tensors(zeros(4, 1, 8, 8), [0, 1, 2, 1])", "dataset: 4 records, 3 classes, [1, 8, 8]")
    ]
  ) { call in
    let images = try call.variable("x").cut(by: "from_tensors")
    var classes: [String]?
    if !call.isNil("classes") {
      classes = try call.list("classes").map { item in
        guard case .string(let name) = item else {
          throw call.wrong("classes", "a list of strings")
        }
        return name.text
      }
    }
    let id = call.isNil("id") ? nil : try call.string("id")
    return .object(
      DatasetObject(
        try Dataset.fromTensors(
          images: images, labels: call.labels("y"), classes: classes, id: id)))
  }
}

private func shapes(_ library: Library) -> Builtin {
  Builtin(
    "shapes",
    "Draws geometric shapes, one an image, with their exact boxes.",
    details: """
      After BasicShapes and GeomShapes (Bengio et al., Curriculum learning, 2009): "basic" has \
      squares, circles and equilateral triangles, "geom" rectangles, ellipses and any triangles, \
      each turned and placed at random and anti-aliased. Clutter puts a texture behind the shape, \
      and blobs, strokes and parts of other shapes. Record i depends on the options, the seed and i \
      alone.
      """,
    [
      .required("n", .whole, "the number of records, with val and test at most 2^24"),
      .optional("size", .whole, .number(32), "the image's side in pixels"),
      .optional("kind", .string, Value("basic"), "\"basic\" or \"geom\""),
      .optional("colour", .bool, .bool(false), "three channels in place of one", namedOnly: true),
      .optional(
        "clutter", .number | .bool, .number(0),
        "how much lies behind the shape: 0 nothing, 0.2 a little, 1 (or true) much", namedOnly: true
      ),
      .optional(
        "area", .list, .list(List([.number(0.1), .number(0.4)])),
        "the least and greatest share of the image that the shape covers", namedOnly: true),
      .optional("val", .whole, .number(0), "so many further records as split val", namedOnly: true),
      .optional(
        "test", .whole, .number(0), "so many further records as split test", namedOnly: true),
    ], result: "dataset",
    examples: [
      Example("shapes(10, size: 16)", "dataset: 10 records, 3 classes, [1, 16, 16]"),
      Example(
        "shapes(10, kind: \"geom\", colour: true, clutter: 1, test: 5)",
        "dataset: train 10, test 5, 3 classes, [3, 32, 32]"),
      Example("len(shapes(10)[0].box)", "4"),
    ]
  ) { call in
    var options = ShapeOptions()
    options.size = try call.int("size", minimum: 4)
    switch try call.string("kind") {
    case "basic": options.isBasic = true
    case "geom": options.isBasic = false
    default: throw call.wrong("kind", "\"basic\" or \"geom\"")
    }
    options.isColour = try call.bool("colour")
    if case .bool(let clutter) = call["clutter"] {
      options.clutter = clutter ? 1 : 0
    } else {
      options.clutter = try call.number("clutter")
    }
    let area = try call.numbers("area")
    guard area.count == 2 else { throw call.wrong("area", "a list of two shares, like [0.1, 0.4]") }
    options.area = (area[0], area[1])
    options.seed = library.random.seed
    return .object(
      DatasetObject(
        try Dataset.shapes(
          options, train: call.int("n", minimum: 0), val: call.int("val", minimum: 0),
          test: call.int("test", minimum: 0))))
  }
}

extension Call {
  /// A list of numbers.
  func numbers(_ name: String) throws -> [Double] {
    try list(name).map { item in
      guard case .number(let number) = item else { throw wrong(name, "a list of numbers") }
      return number
    }
  }

  /// Labels: a list of whole numbers, or a tensor [n] of them.
  fileprivate func labels(_ name: String) throws -> [Int32] {
    func label(_ number: Double) throws -> Int32 {
      guard let label = Int32(exactly: number) else {
        throw Failure(
          "labels", "\(builtin.name): labels are whole numbers from 0, got \(number)",
          argument: index(of: name))
      }
      return label
    }
    if case .list = self[name] { return try numbers(name).map(label) }
    let tensor = try tensor(name)
    guard tensor.rank == 1 else { throw wrong(name, "labels [n]") }
    switch tensor.dtype {
    case .int32: return tensor.array(Int32.self)
    case .uint8: return tensor.array(UInt8.self).map { Int32($0) }
    case .float32: return try tensor.array(Float.self).map { try label(Double($0)) }
    case .float64: return try tensor.array(Double.self).map(label)
    case .bool: return tensor.array(Bool.self).map { $0 ? 1 : 0 }
    }
  }
}
