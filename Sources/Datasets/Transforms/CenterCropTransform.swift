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
    let (rows, columns) = part(of: shape)
    var cropped = sample.moved(
      try ImageGeometry.crop(sample.image, rows: rows, columns: columns)
    ) {
      $0.moved(left: Double(columns.lowerBound), top: Double(rows.lowerBound))
    }.withPartsInside()
    cropped.box = cropped.box?.clipped(width: Double(width), height: Double(height))
    return cropped
  }

  var backward: Backward? {
    { image, gradient, _ in
      let (rows, columns) = part(of: image.shape)
      return try ImageGeometry.chooseBackward(
        gradient, rows: Array(rows), columns: Array(columns),
        height: image.shape[image.rank - 2], width: image.shape[image.rank - 1])
    }
  }

  /// The rows and columns that are kept of an image that is large enough.
  private func part(of shape: [Int]) -> (rows: Range<Int>, columns: Range<Int>) {
    // Half a pixel is rounded to even, as in Python.
    func part(_ side: Int, _ length: Int) -> Range<Int> {
      let start = Int((Double(side - length) / 2).rounded(.toNearestOrEven))
      return start..<start + length
    }
    return (part(shape[shape.count - 2], height), part(shape[shape.count - 1], width))
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
