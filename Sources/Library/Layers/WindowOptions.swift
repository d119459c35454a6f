import Gradients
import Host
import Language
import Models
import Tensors

/// What convolutions and poolings share.
enum WindowArguments {
  /// The step between windows of a convolution.
  static let stride = Argument(
    "stride", .sides, default: 1, "the step from window to window, or [h, w]", unit: "pixels")
  /// The border of zeros.
  static let padding = Argument(
    "padding", .padding, default: 0,
    "added on each side, or [h, w] or [top, bottom, left, right]", unit: "pixels")
  /// The groups of channels.
  static let groups = Argument(
    "groups", .whole(1...), default: 1, "how many groups the channels are divided into")
  /// How a convolution is computed.
  static let algorithm = Argument(
    "algorithm", .optional(ArgumentType<ConvolutionAlgorithm>.choice),
    "how it is computed; nil chooses by the sizes", named: true)
}

extension ArgumentType where T == (Int, Int) {
  /// A length, or one for rows and one for columns.
  static var sides: Self {
    ArgumentType<[Int]>.lengths(1, counts: [1, 2])
      .named("whole number or [h, w]", limits: ", 1 or more")
      .map { ($0[0], $0[$0.count - 1]) }
  }
}

extension ArgumentType where T == [Int] {
  /// What is added around an image: one number, [h, w] or [top, bottom, left, right].
  static var padding: Self {
    lengths(0, counts: [1, 2, 4])
      .named("whole number, [h, w] or [top, bottom, left, right]", limits: ", 0 or more")
  }

  /// The shape of a layer's input: one number, or the sizes of an image.
  static var inputShape: Self {
    .either(ArgumentType<Int>.whole(1...).map { [$0] }, .list(of: .whole(1...)))
      .limited("") { !$0.isEmpty }
      .named("whole number or list like [3, 224, 224]", limits: ", 1 or more")
      .map { shape in
        try Tensor.count(of: shape)
        return shape
      }
  }

  /// One number of pixels, or a list of so many.
  fileprivate static func lengths(_ minimum: Int, counts: [Int]) -> Self {
    let length = ArgumentType<Int>.whole(minimum..<1 << 20)
    return .either(
      length.map { [$0] }, .list(of: length).limited("") { counts.contains($0.count) })
  }
}
