import Host
import Images
import Tensors

/// `resize(shorter: 256)`: the shorter side to a length; the longer one keeps the proportion, rounded down
/// as torchvision's `Resize(256)` does it.
final class ShorterSideTransform: Transform {
  let name = "resize"
  let text: String
  let takesBatches = true
  let keepsScale = true
  private let shorter: Int
  private let resizer: Resizer

  init(shorter: Int, method: ResizeMethod = .bicubic) {
    self.shorter = shorter
    resizer = Resizer(method)
    text = callText(
      name,
      [
        "shorter: \(shorter)", method == .bicubic ? nil : "method: \"\(method.rawValue)\"",
      ])
  }

  /// The size of the result for images of a height and a width above 0.
  private func size(_ height: Int, _ width: Int) -> (height: Int, width: Int) {
    let longer = shorter * max(height, width) / min(height, width)
    return height <= width ? (shorter, longer) : (longer, shorter)
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let shape = sample.image.shape
    guard shape.count >= 2, sample.image.count > 0 else {
      throw Failure(
        "image-shape",
        "resize: images are [..., height, width] and not empty, this is \(Tensor.describe(shape))")
    }
    let (h, w) = (shape[shape.count - 2], shape[shape.count - 1])
    let (height, width) = size(h, w)
    let image = try resizer.resize(sample.image, height: height, width: width)
    return sample.moved(image) {
      $0.scaled(Double(width) / Double(w), Double(height) / Double(h))
    }
  }

  func needed(for target: LoadTarget?) -> LoadTarget? {
    LoadTarget(height: shorter, width: shorter)
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    let (h, w) = (shape[shape.count - 2], shape[shape.count - 1])
    guard h > 0, w > 0 else { return shape.dropLast(2) + [-1, -1] }
    let (height, width) = size(h, w)
    return shape.dropLast(2) + [height, width]
  }
}

/// `center_crop(224)`: the middle of an image, from where torchvision's `CenterCrop` begins.
final class CenterCropTransform: Transform {
  let name = "center_crop"
  let text: String
  let takesBatches = true
  let keepsScale = true
  private let height: Int
  private let width: Int

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
    text = callText(name, [sizeText(height, width)])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let shape = sample.image.shape
    if let refusal = refusal(of: ImageForm(shape: shape, scale: .unknown)) { throw refusal }
    // Half a pixel goes to the even side, as Python rounds.
    func start(_ side: Int, _ part: Int) -> Int {
      Int((Double(side - part) / 2).rounded(.toNearestOrEven))
    }
    let top = start(shape[shape.count - 2], height)
    let left = start(shape[shape.count - 1], width)
    var cropped = sample.moved(
      try Geometry.crop(
        sample.image, rows: top..<top + height, columns: left..<left + width)
    ) { $0.moved(left: Double(left), top: Double(top)) }.withPartsInside()
    cropped.box = cropped.box?.clipped(width: Double(width), height: Double(height))
    return cropped
  }

  func refusal(of form: ImageForm) -> Failure? {
    guard let shape = form.shape else { return nil }
    guard shape.count >= 2 else {
      return Failure(
        "image-shape", "center_crop: images are [c, h, w], this is \(Tensor.describe(shape))")
    }
    let (h, w) = (shape[shape.count - 2], shape[shape.count - 1])
    guard h == -1 || h >= height, w == -1 || w >= width else {
      return Failure(
        "image-shape",
        "center_crop: no part of \(height) x \(width) pixels lies in an image of \(h) x \(w)",
        hint: "resize it first: resize(shorter: \(max(height, width))) |> \(text)")
    }
    return nil
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [height, width]
  }
}
