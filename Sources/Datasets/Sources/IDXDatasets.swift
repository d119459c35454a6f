import Formats
import Host
import Images
import Tensors

extension IDX {
  /// Makes a data set without splits from a file of images [n, h, w], [n, c, h, w] or [n, ...] and
  /// one of labels [n]. Throws the errors of `decode` and the host, and `labels`.
  public static func dataset(images: String, labels: String, host: Host) throws -> Dataset {
    Dataset(View(try source((images, labels), host: host, operation: "idx", classes: nil)))
  }

  /// Opens MNIST from its four files in a folder, gzipped or not, as `train` and `test`.
  public static func mnist(_ root: String, host: Host) throws -> Dataset {
    try fourFiles(
      root, host: host, operation: "mnist", classes: (0..<10).map(String.init),
      hint: "the folder must contain train-images-idx3-ubyte.gz and the three other files")
  }

  /// Opens Fashion-MNIST from Debian's package, as `train` (60,000) and `test` (10,000).
  public static func fashionMNIST(host: Host, root: String? = nil) throws -> Dataset {
    try fourFiles(
      root ?? "/usr/share/datasets/fashion-mnist", host: host, operation: "fashion_mnist",
      classes: [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
      ],
      hint: root == nil
        ? "install Debian's package: apt-get install dataset-fashion-mnist"
        : "the folder must contain train-images-idx3-ubyte.gz and the three other files")
  }

  private static func fourFiles(
    _ root: String, host: Host, operation: String, classes: [String], hint: String
  ) throws -> Dataset {
    func find(_ stem: String, _ ending: String) throws -> String {
      let spellings = ["-", "."].flatMap { [stem + $0 + ending + ".gz", stem + $0 + ending] }
      for spelling in spellings where host.kind(of: root + "/" + spelling) == .file {
        return root + "/" + spelling
      }
      throw Failure(
        "file-missing", "\(operation): the file \"\(root)/\(spellings[0])\" does not exist",
        hint: hint)
    }
    let parts = try ["train", "t10k"].map { part in
      (try find("\(part)-images", "idx3-ubyte"), try find("\(part)-labels", "idx1-ubyte"))
    }
    let sources = try parallelMap(2) { i in
      try source(
        parts[i], host: host, operation: operation, part: ["train", "test"][i], classes: classes)
    }
    return Dataset(splits: [
      (name: "train", view: View(sources[0])), (name: "test", view: View(sources[1])),
    ])
  }

  private static func source(
    _ paths: (images: String, labels: String), host: Host, operation: String, part: String = "",
    classes: [String]?
  ) throws -> TensorSource {
    let labels = try decode(host.read(paths.labels), name: paths.labels)
    guard labels.rank == 1, !labels.dtype.isFloating else {
      throw Failure(
        "labels",
        "\(operation): \(paths.labels) must contain whole numbers [n], got "
          + "\(Tensor.describe(labels.shape)) of \(labels.dtype.name)")
    }
    var images = try decode(host.read(paths.images), name: paths.images)
    guard images.rank > 0, !images.shape.contains(0) else {
      throw Failure(
        "idx-format",
        "\(operation): \(paths.images) must contain images [n, h, w], none of these 0, got "
          + Tensor.describe(images.shape))
    }
    // A grey image has one channel.
    if images.rank == 3 {
      images = try images.reshaped([images.shape[0], 1, images.shape[1], images.shape[2]])
    }
    return try TensorSource(
      images: images,
      labels: labels.dtype == .uint8
        ? labels.array(UInt8.self).map { Int32($0) } : labels.array(Int32.self),
      classes: classes, operation: operation, part: part)
  }
}
