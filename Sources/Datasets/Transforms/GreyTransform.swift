import Images
import Tensors

extension Transforms {
  /// `grey()`: converts images to luma, in one channel or repeated in three.
  public static func grey(channels: Int = Transforms.channels.standard) -> Transform {
    GreyTransform(channels: channels)
  }
}

private struct GreyTransform: Transform {
  let name = "grey"
  let keepsPlaces = true
  var takesBatches: Bool { channels == 1 }
  let channels: Int

  var text: String { callText(name, [Transforms.channels.text(channels)]) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let grey = try Colour.grey(sample.image)
    return sample.with(channels == 3 ? try Colour.rgb(grey) : grey)
  }

  var backward: Backward? {
    { image, gradient, _ in try Colour.greyBackward(image, gradient) }
  }

  func shape(after shape: [Int]?) -> [Int]? {
    planes(shape, channels)
  }

  /// If each channel was normalised by its own numbers, the normalisation of their mixture can't be
  /// undone.
  func scale(after scale: PixelScale) -> PixelScale {
    guard case .normalized(let normalization?, let base) = scale else { return scale }
    return .normalized(normalization.isUniform ? normalization : nil, of: base)
  }
}
