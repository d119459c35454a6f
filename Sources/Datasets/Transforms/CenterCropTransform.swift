import Host
import Images
import Tensors

extension Transforms {
  /// `center_crop(224)`: crops the centre of each image, from the same place as torchvision's
  /// `CenterCrop`.
  public static func centerCrop(height: Int, width: Int) -> Transform {
    CenterCropTransform(height: height, width: width)
  }
}

private struct CenterCropTransform: Transform {
  let name = "center_crop"
  let takesBatches = true
  let keepsScale = true
  let height: Int
  let width: Int

  var text: String { callText(name, [sizeText(height, width)]) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let shape = sample.image.shape
    if let refusal = refusal(of: ImageForm(shape: shape, scale: .unknown)) { throw refusal }
    // Half a pixel is rounded to even, as in Python.
    func start(_ side: Int, _ part: Int) -> Int {
      Int((Double(side - part) / 2).rounded(.toNearestOrEven))
    }
    let top = start(shape[shape.count - 2], height)
    let left = start(shape[shape.count - 1], width)
    var cropped = sample.moved(
      try ImageGeometry.crop(
        sample.image, rows: top..<top + height, columns: left..<left + width)
    ) { $0.moved(left: Double(left), top: Double(top)) }.withPartsInside()
    cropped.box = cropped.box?.clipped(width: Double(width), height: Double(height))
    return cropped
  }

  func refusal(of form: ImageForm) -> Failure? {
    guard let shape = form.shape else { return nil }
    guard shape.count >= 2 else {
      return Failure(
        "image-shape", "center_crop: images must be [c, h, w], got \(Tensor.describe(shape))")
    }
    let (h, w) = (shape[shape.count - 2], shape[shape.count - 1])
    guard h == -1 || h >= height, w == -1 || w >= width else {
      return Failure(
        "image-shape",
        "center_crop: an image of \(h) x \(w) is too small to crop \(height) x \(width) pixels from",
        hint: "resize it first: resize(shorter: \(max(height, width))) |> \(text)")
    }
    return nil
  }

  func shape(after shape: [Int]?) -> [Int]? {
    sized(shape, height, width)
  }
}
