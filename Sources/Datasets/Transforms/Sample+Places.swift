import Host
import Images
import Tensors

extension Sample {
  /// The height and width of the image, which must be [c, h, w] if `isSingle`, else [..., h, w],
  /// and not empty. Throws `image-shape`.
  func size(for operation: String, isSingle: Bool = false) throws -> (height: Int, width: Int) {
    let shape = image.shape
    guard isSingle ? shape.count == 3 : shape.count >= 2, image.count > 0 else {
      throw Failure(
        "image-shape",
        "\(operation): images must be [c, h, w] and not empty, got \(Tensor.describe(shape))")
    }
    return (shape[shape.count - 2], shape[shape.count - 1])
  }

  /// The pixels that a box touches, after it has been enlarged by a margin on each side. Throws
  /// `no-box` if it touches none.
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
    return moved(try ImageGeometry.crop(image, rows: rows, columns: columns)) {
      $0.moved(left: Double(columns.lowerBound), top: Double(rows.lowerBound))
    }.withPartsInside()
  }
}
