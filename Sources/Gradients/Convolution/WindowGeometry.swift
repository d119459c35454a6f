import Host
import Tensors

/// How a window moves over images: strides and padding along y and x.
public struct Window: Sendable, Equatable {
  /// The distance between adjacent windows, in rows and columns.
  public var stride: (y: Int, x: Int)
  /// Zeros added around the image; a maximum ignores them.
  public var padding: Padding

  /// Creates a window that moves by `stride`, a number or `[y, x]`.
  public init(stride: [Int] = [1], padding: Padding = .none) throws {
    guard stride.count == 1 || stride.count == 2, stride.allSatisfy({ $0 >= 1 && $0 < 1 << 20 })
    else {
      throw Failure(
        "argument", "stride must be a whole number, 1 or more, or [y, x], got \(stride)")
    }
    self.stride = (stride[0], stride[stride.count - 1])
    self.padding = padding
  }

  /// Creates a window with a padding as `Padding(_:)` describes it.
  public init(stride: [Int] = [1], padding: [Int]) throws {
    try self.init(stride: stride, padding: Padding(padding))
  }

  /// Compares all members.
  public static func == (a: Window, b: Window) -> Bool {
    a.stride == b.stride && a.padding == b.padding
  }
}

/// The sizes of a window sliding over a batch of images `[n, c, h, w]`.
struct WindowGeometry {
  let images: Int
  var channels: Int
  private(set) var height: Int
  private(set) var width: Int
  let windowHeight: Int
  let windowWidth: Int
  let window: Window
  /// The padding for this size of image.
  let padding: Padding.Sides
  private(set) var outHeight: Int
  private(set) var outWidth: Int

  /// The number of elements in a channel of the input.
  var area: Int { height * width }
  /// The number of elements in a channel of the output.
  var outArea: Int { outHeight * outWidth }

  /// Throws `shape` if the input is not a batch of images or is smaller than the window.
  init(_ operation: String, _ shape: [Int], size: (Int, Int), _ window: Window) throws {
    guard shape.count == 4 else {
      throw Failure(
        "shape",
        "\(operation): images must be [n, c, h, w], got \(Tensor.describe(shape))",
        hint: shape.count == 3 ? "one image is a batch of one: x.reshape(1, c, h, w)" : nil)
    }
    padding = window.padding.sides(image: (shape[2], shape[3]), size: size, stride: window.stride)
    let tall = shape[2] + padding.top + padding.bottom
    let wide = shape[3] + padding.left + padding.right
    guard size.0 >= 1, size.1 >= 1, size.0 <= tall, size.1 <= wide else {
      throw Failure(
        "shape",
        "\(operation): a window of \(size.0) x \(size.1) does not fit into images of "
          + "\(shape[2]) x \(shape[3])"
          + (tall > shape[2] || wide > shape[3] ? ", padded to \(tall) x \(wide)" : ""))
    }
    images = shape[0]
    channels = shape[1]
    height = shape[2]
    width = shape[3]
    windowHeight = size.0
    windowWidth = size.1
    self.window = window
    outHeight = (tall - size.0) / window.stride.y + 1
    outWidth = (wide - size.1) / window.stride.x + 1
  }

  /// The geometry of a pooling operation, whose windows must all overlap the image. Throws `shape`.
  init(pooling operation: String, _ shape: [Int], size: (Int, Int), _ window: Window) throws {
    try self.init(operation, shape, size: size, window)
    let p = padding
    if max(p.top, p.bottom) >= windowHeight || max(p.left, p.right) >= windowWidth {
      throw Failure(
        "shape",
        "\(operation): padding must be smaller than the window of \(windowHeight) x \(windowWidth)"
      )
    }
  }

  /// The shape of an output with as many channels as the input.
  var outShape: [Int] { [images, channels, outHeight, outWidth] }

  /// Whether windows are adjacent single pixels, so that no patches need to be extracted.
  var isPointwise: Bool {
    windowHeight == 1 && windowWidth == 1 && window.stride == (1, 1)
      && padding == (0, 0, 0, 0)
  }

  /// The same pixels in rows of a length that suits the products, for single-pixel windows: rows of
  /// at most 64 pixels or, if the area is not a multiple of such a length, one short row.
  var flattened: WindowGeometry {
    let fitting = (Blocked.rows...64).last { area % $0 == 0 }
    guard let length = fitting ?? (area <= 1 << 10 ? area : nil) else { return self }
    var flat = self
    (flat.height, flat.width) = (area / length, length)
    (flat.outHeight, flat.outWidth) = (flat.height, flat.width)
    return flat
  }
}
