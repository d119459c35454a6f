import Host
import Images
import Tensors

extension Transforms {
  /// `resize(224)`: resizes images with antialiasing and without clamping. Boxes are scaled with
  /// them.
  public static func resize(
    height: Int, width: Int, method: ResizeMethod = Transforms.method.standard
  ) -> Transform {
    ResizeTransform(sides: .both(height: height, width: width), resizer: Resizer(method))
  }
  /// `resize(shorter: 256)`: resizes the shorter side to a length; the longer one keeps the
  /// proportions, rounded down as in torchvision's `Resize(256)`.
  public static func resize(
    shorter: Int, method: ResizeMethod = Transforms.method.standard
  ) -> Transform {
    ResizeTransform(sides: .shorter(shorter), resizer: Resizer(method))
  }
}

private struct ResizeTransform: Transform {
  /// The sides that are given.
  enum Sides {
    case both(height: Int, width: Int)
    case shorter(Int)
  }

  let name = "resize"
  let takesBatches = true
  let keepsScale = true
  let sides: Sides
  let resizer: Resizer

  /// The size of the result for images of a height and a width above 0.
  private func size(_ height: Int, _ width: Int) -> (height: Int, width: Int) {
    switch sides {
    case .both(let height, let width): return (height, width)
    case .shorter(let shorter):
      let longer = shorter * max(height, width) / min(height, width)
      return height <= width ? (shorter, longer) : (longer, shorter)
    }
  }

  var text: String {
    let size =
      switch sides {
      case .both(let height, let width): sizeText(height, width)
      case .shorter(let length): "shorter: \(length)"
      }
    return callText(name, [size, Transforms.method.text(resizer.method)])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let (h, w) = try sample.size(for: name)
    let (height, width) = size(h, w)
    let image = try resizer.resize(sample.image, height: height, width: width)
    return sample.moved(image) {
      $0.scaled(Double(width) / Double(w), Double(height) / Double(h))
    }
  }

  var backward: Backward? {
    { image, gradient, _ in
      try resizer.resizeBackward(
        gradient, height: image.shape[image.rank - 2], width: image.shape[image.rank - 1])
    }
  }

  func needed(for target: LoadTarget?) -> LoadTarget? {
    switch sides {
    case .both(let height, let width): LoadTarget(height: height, width: width)
    case .shorter(let length): LoadTarget(height: length, width: length)
    }
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    let (h, w) = (shape[shape.count - 2], shape[shape.count - 1])
    if case .shorter = sides, h <= 0 || w <= 0 { return sized(shape, -1, -1) }
    let (height, width) = size(h, w)
    return sized(shape, height, width)
  }
}
