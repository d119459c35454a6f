import Host
import Images
import Tensors

extension Transforms {
  /// The option of `jitter` for how much brightness changes.
  public static let brightness = TransformOption("brightness", 0.4)
  /// The option of `jitter` for how much contrast changes.
  public static let contrast = TransformOption("contrast", 0.4)
  /// The option of `jitter` for how much saturation changes.
  public static let saturation = TransformOption("saturation", 0.4)
  /// The option of `jitter` for how much the hue turns, as a fraction of a whole turn.
  public static let hue = TransformOption("hue", 0.0)

  /// `jitter()`: multiplies brightness, contrast and saturation by 1 - x ... 1 + x and turns the
  /// hue by -x ... x, with new draws in each epoch.
  public static func jitter(
    brightness: Double = Transforms.brightness.standard,
    contrast: Double = Transforms.contrast.standard,
    saturation: Double = Transforms.saturation.standard, hue: Double = Transforms.hue.standard
  ) -> Transform {
    JitterTransform(brightness: brightness, contrast: contrast, saturation: saturation, hue: hue)
  }
}

private struct JitterTransform: Transform {
  let name = "jitter"
  let keepsPlaces = true
  let randomness = Randomness.perEpoch
  let brightness: Double
  let contrast: Double
  let saturation: Double
  let hue: Double

  var text: String {
    callText(
      name,
      [
        Transforms.brightness.text(brightness), Transforms.contrast.text(contrast),
        Transforms.saturation.text(saturation), Transforms.hue.text(hue),
      ])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    func factor(_ width: Double, _ counter: UInt64) -> Float {
      Float(max(0, 1 + width * (2 * key.uniform(counter) - 1)))
    }
    var change = Colour.Jitter()
    change.brightness = factor(brightness, 0)
    change.contrast = factor(contrast, 1)
    change.saturation = factor(saturation, 2)
    change.hue = Float(hue * (2 * key.uniform(3) - 1))
    return sample.with(try Colour.jitter(sample.image, change))
  }

  func scale(after scale: PixelScale) -> PixelScale { .unit }
  func refusal(of form: ImageForm) -> Failure? { refusal(ofAnyBut01: form.scale) }
}
