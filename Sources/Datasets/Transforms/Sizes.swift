import Host
import Images
import Tensors

/// What transforms to a size have in common.
class SizeTransform {
  let name: String
  let text: String
  let takesBatches = true
  let keepsScale = true
  fileprivate let height: Int
  fileprivate let width: Int
  fileprivate let resizer: Resizer

  init(_ name: String, height: Int, width: Int, method: ResizeMethod) {
    self.name = name
    self.height = height
    self.width = width
    resizer = Resizer(method)
    text = callText(
      name,
      [
        sizeText(height, width),
        method == .bicubic ? nil : "method: \"\(method.rawValue)\"",
      ])
  }

  /// The same transform, which shares what it knows of sizes.
  init(_ other: SizeTransform) {
    name = other.name
    text = other.text
    height = other.height
    width = other.width
    resizer = other.resizer
  }
}

/// Whether a transform limits its results to 0..1.
enum PixelLimit {
  /// It does: its images are meant to lie there.
  case unit
  /// It doesn't: they lie elsewhere.
  case none
  /// Each image's own numbers tell.
  case byImage

  /// What images on a scale want.
  init(_ scale: PixelScale) {
    switch scale {
    case .unit: self = .unit
    case .unknown: self = .byImage
    case .values, .normalized: self = .none
    }
  }

  /// The part of a transform's key: what was always limited has none.
  var key: String {
    switch self {
    case .unit: ""
    case .none: " unlimited"
    case .byImage: " limited by its numbers"
    }
  }
}

/// `224` or `[224, 112]`.
func sizeText(_ height: Int, _ width: Int) -> String {
  height == width ? "\(height)" : "[\(height), \(width)]"
}

final class ResizeTransform: SizeTransform, Transform {
  init(height: Int, width: Int, method: ResizeMethod = .bicubic) {
    super.init("resize", height: height, width: width, method: method)
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image = try resizer.resize(sample.image, height: height, width: width)
    let shape = sample.image.shape
    return sample.moved(image) {
      $0.scaled(
        Double(width) / Double(shape[shape.count - 1]),
        Double(height) / Double(shape[shape.count - 2]))
    }
  }

  func needed(for target: LoadTarget?) -> LoadTarget? { LoadTarget(height: height, width: width) }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [height, width]
  }
}

final class LowresTransform: SizeTransform, Transform {
  private let limit: PixelLimit

  init(height: Int, width: Int, method: ResizeMethod = .bicubic) {
    limit = .unit
    super.init("lowres", height: height, width: width, method: method)
  }

  private init(_ other: LowresTransform, limit: PixelLimit) {
    self.limit = limit
    super.init(other)
  }

  var keepsPlaces: Bool { true }
  var key: String? { text + limit.key }

  func settled(on form: ImageForm) -> Transform {
    LowresTransform(self, limit: PixelLimit(form.scale))
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(
      try resizer.lowres(sample.image, height: height, width: width, clamped: limit != .none))
  }
}

final class CropToBoxTransform: Transform {
  let name = "crop_to_box"
  let text: String
  let keepsScale = true
  private let margin: Double

  init(margin: Double) {
    self.margin = margin
    text = callText(name, [margin == 0 ? nil : "margin: \(numberText(margin))"])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard let box = sample.box else { throw noBox("there is no box") }
    return try sample.cropped(to: box, margin: margin, operation: name)
  }

  private func noBox(_ what: String) -> Failure {
    Failure(
      "no-box", "crop_to_box: \(what)",
      hint: "use records that have boxes, such as those of shapes(...)")
  }

  func settled(for dataset: Dataset) throws -> Transform {
    for split in dataset.splits where split.view.count > 0 {
      let view = split.view
      let lacksAll = (0..<view.count).allSatisfy { i in
        view.strand(i).annotation(view.record(i)).map { $0.box == nil } ?? false
      }
      if lacksAll {
        throw noBox(
          "none of the \(view.count) records" + (split.name.isEmpty ? "" : " of \(split.name)")
            + " has a box")
      }
    }
    return self
  }

  func needed(for target: LoadTarget?) -> LoadTarget? {
    target.map { LoadTarget(height: $0.height, width: $0.width, isOfBox: true) }
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [-1, -1]
  }
}

extension Sample {
  /// The pixels that a box, so much wider and higher on each side, touches. Throws `no-box` where it
  /// touches none.
  func cropped(to box: Box, margin: Double, operation: String) throws -> Sample {
    let shape = image.shape
    guard shape.count >= 2,
      let (columns, rows) = box.pixels(
        margin: margin, imageWidth: shape[shape.count - 1], imageHeight: shape[shape.count - 2])
    else {
      throw Failure(
        "no-box",
        "\(operation): the box [\(box.x), \(box.y), \(box.width), \(box.height)] is outside the "
          + "image \(Tensor.describe(shape))")
    }
    return moved(try Geometry.crop(image, rows: rows, columns: columns)) {
      $0.moved(left: Double(columns.lowerBound), top: Double(rows.lowerBound))
    }.withPartsInside()
  }
}
