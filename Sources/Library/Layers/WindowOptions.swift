import Gradients
import Language
import Tensors

/// The arguments that convolutions and pooling operations share.
enum WindowArguments {
  /// The stride of a convolution.
  static let stride = Argument(
    "stride", .sides, default: 1, "the step from window to window, or [h, w]", unit: "pixels")
  /// The zero padding.
  static let padding = Argument(
    "padding", .padding, default: 0,
    "zeros around the image; \"same\" adds what makes the output ceil(image / stride), as in TensorFlow"
  )
  /// The number of channel groups.
  static let groups = Argument(
    "groups", .whole(1...), default: 1, "how many groups the channels are divided into")
  /// The distance between the elements of a window.
  static let dilation = Argument(
    "dilation", .sides, default: 1, "the distance between elements of the window, or [h, w]",
    unit: "pixels", named: true)
  /// The rows and columns that a transposed convolution adds.
  static let extra = Argument(
    "extra", .extra, default: 0,
    "rows and columns that are added to the result, fewer than the stride", unit: "pixels",
    named: true)
  /// The algorithm that computes a convolution.
  static let algorithm = Argument(
    "algorithm", .optional(ArgumentType<ConvolutionAlgorithm>.choice),
    "how it is computed; nil chooses by the sizes", named: true)
}

extension ArgumentType where T == (Int, Int) {
  /// A side length, either one number for both sides or one each for rows and columns.
  static var sides: Self {
    ArgumentType<[Int]>.lengths(1, counts: [1, 2])
      .named("whole number or [h, w]", limits: ", 1 or more")
      .map { ($0[0], $0[$0.count - 1]) }
  }
}

extension ArgumentType where T == Padding {
  /// The padding of an image: one number, [h, w], [top, bottom, left, right] or "same".
  static var padding: Self {
    .either(
      ArgumentType<[Int]>.lengths(0, counts: [1, 2, 4]).map { try Padding($0) },
      ArgumentType<String>.choice(["same"]).map { _ in .same }
    ).named("whole number of pixels, 0 or more, [h, w], [top, bottom, left, right] or \"same\"")
  }
}

extension ArgumentType where T == (Int, Int) {
  /// One number of pixels for rows and columns, or one each; 0 or more.
  fileprivate static var extra: Self {
    ArgumentType<[Int]>.oneOrMore(.whole(0..<1 << 20)).limited("") { (1...2).contains($0.count) }
      .named("whole number of pixels or [h, w]", limits: ", 0 or more")
      .map { ($0[0], $0[$0.count - 1]) }
  }
}

extension ArgumentType where T == [Int] {
  /// The input shape of a layer: one number, or the sizes of an image.
  static var inputShape: Self {
    .oneOrMore(.whole(1...))
      .limited("") { !$0.isEmpty }
      .named("whole number or list like [3, 224, 224]", limits: ", 1 or more")
      .map { shape in
        try Tensor.count(of: shape)
        return shape
      }
  }

  /// One number of pixels, or a list of numbers whose length is one of `counts`.
  fileprivate static func lengths(_ minimum: Int, counts: [Int]) -> Self {
    let length = ArgumentType<Int>.whole(minimum..<1 << 20)
    return .either(
      length.map { [$0] }, .list(of: length).limited("") { counts.contains($0.count) })
  }
}
