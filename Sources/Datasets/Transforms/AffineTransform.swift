import Host
import Images
import Tensors

extension Transforms {
  /// The option of `affine` for the factors of the size.
  public static let affineScale = TransformOption("scale", 1.0...1.0)
  /// The option of `affine` for the angles that images are turned by, in degrees.
  public static let affineDegrees = TransformOption("degrees", 0.0...0.0)
  /// The option of `affine` for the largest shifts, as fractions of the width and the height.
  public static let translation = TransformOption("translate", [0.0, 0.0])
  /// The option of `affine` for the largest angles of shearing along x and y, in degrees.
  public static let shear = TransformOption("shear", [0.0, 0.0])
  /// The option of `rotation` and `affine` for the interpolation.
  public static let warpMethod = TransformOption("method", ResizeMethod.bilinear)

  /// `rotation(15)`: turns images about their centre by an angle, counterclockwise and in degrees,
  /// drawn again in each epoch.
  public static func rotation(
    degrees: ClosedRange<Double>, method: ResizeMethod = Transforms.warpMethod.standard
  ) -> Transform {
    AffineTransform(
      name: "rotation", degrees: degrees, translation: translation.standard,
      scale: affineScale.standard, shear: shear.standard, method: method)
  }

  /// `affine(degrees: 15, translate: 0.1)`: turns, moves, scales and shears images, drawn again in
  /// each epoch.
  public static func affine(
    degrees: ClosedRange<Double> = Transforms.affineDegrees.standard,
    translation: [Double] = Transforms.translation.standard,
    scale: ClosedRange<Double> = Transforms.affineScale.standard,
    shear: [Double] = Transforms.shear.standard,
    method: ResizeMethod = Transforms.warpMethod.standard
  ) -> Transform {
    AffineTransform(
      name: "affine", degrees: degrees, translation: translation, scale: scale, shear: shear,
      method: method)
  }
}

private struct AffineTransform: Transform {
  let name: String
  let keepsScale = true
  let randomness = Randomness.perEpoch
  let degrees: ClosedRange<Double>
  let translation: [Double]
  let scale: ClosedRange<Double>
  let shear: [Double]
  let method: ResizeMethod

  var text: String {
    let angles =
      degrees.lowerBound == -degrees.upperBound
      ? degrees.upperBound.scriptText : degrees.scriptText
    if name == "rotation" { return callText(name, [angles, Transforms.warpMethod.text(method)]) }
    return callText(
      name,
      [
        degrees == Transforms.affineDegrees.standard ? nil : "degrees: \(angles)",
        Transforms.translation.text(translation), Transforms.affineScale.text(scale),
        Transforms.shear.text(shear), Transforms.warpMethod.text(method),
      ])
  }

  /// The map of an image of a size. Shifts are whole pixels, as in torchvision.
  private func map(_ height: Int, _ width: Int, _ key: RandomKey) -> AffineMap {
    func drawn(_ range: ClosedRange<Double>, _ number: UInt64) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * key.uniform(number)
    }
    func within(_ most: Double, _ number: UInt64) -> Double { drawn(-most...most, number) }
    return AffineMap(
      width: width, height: height, degrees: drawn(degrees, 0),
      shift: (
        within(translation[0] * Double(width), 1).rounded(),
        within(translation[1] * Double(height), 2).rounded()
      ),
      scale: drawn(scale, 3), shear: (within(shear[0], 4), within(shear[1], 5)))
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let (height, width) = try sample.size(for: name)
    let map = map(height, width, key)
    var moved = sample.moved(
      try map.warp(sample.image, bilinearly: method == .bilinear)
    ) { map($0) }.withPartsInside()
    moved.box = moved.box?.clipped(width: Double(width), height: Double(height))
    return moved
  }

  var backward: Backward? {
    { image, gradient, key in
      let map = map(image.shape[image.rank - 2], image.shape[image.rank - 1], key)
      return try map.warpBackward(gradient, bilinearly: method == .bilinear)
    }
  }
}

extension [Double]: OptionValue {
  /// `0.1` for equal numbers, else `[0.1, 0.2]`.
  public var scriptText: String {
    Set(self).count == 1 ? self[0].scriptText : "[\(map(\.scriptText).joined(separator: ", "))]"
  }
}
