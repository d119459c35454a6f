import Formats
import Gradients
import Host
import Tensors

/// Operators whose windows move across images.
extension ONNXImport {
  static let windows: [String: Operator] = [
    "Conv": { try $0.convolution($1) },
    "ConvTranspose": { try $0.transposedConvolution($1) },
    "Resize": { try $0.resize($1) },
    "MaxPool": { try $0.pool(.max, $1) },
    "AveragePool": { file, node in
      if case .response(let part) = try file.value(0, node) {
        return try file.give(.response(try part.averaged(node)), node)
      }
      try file.pool(.average, node)
    },
    "GlobalAveragePool": { file, node in
      try file.give(.mean(try file.image(0, node)), node)
    },
    "ReduceMean": { try $0.mean($1) },
  ]

  /// An input that must be images, of shape `[c, h, w]`.
  mutating func image(_ position: Int, _ node: ONNXNodeReader) throws -> Data {
    let x = try data(position, node)
    guard x.shape.count == 3 else {
      throw node.wrong("must take images, and takes \(Tensor.describe(x.shape)) for each input")
    }
    return x
  }

  private mutating func convolution(_ node: ONNXNodeReader) throws {
    let x = try image(0, node)
    let weights = try numbers(1, node)
    let groups = try node.int("group", default: 1)
    guard weights.shape.count == 4, !weights.shape.contains(0), groups >= 1,
      weights.shape[0] % groups == 0
    else {
      throw node.wrong("has weights of shape \(Tensor.describe(weights.shape)) in \(groups) groups")
    }
    let (product, overflow) = groups.multipliedReportingOverflow(by: weights.shape[1])
    guard !overflow, product == x.shape[0] else {
      throw node.wrong(
        "has weights of shape \(Tensor.describe(weights.shape)) in \(groups) groups for "
          + "\(x.shape[0]) channels")
    }
    let size = (height: weights.shape[2], width: weights.shape[3])
    try node.expectWindow(size)
    let dilation = try node.dilation()
    let span = Variable.span(size, dilation)
    let (window, sides) = try window(span, x, node)
    var options = WeightOptions()
    options.hasBias = node.has(2)
    let conv = try Conv(
      filters: weights.shape[0], size: size, window: window, groups: groups, dilation: dilation,
      options: options, key: key)
    conv.weight.value = weights
    if let bias = conv.bias { bias.value = try vector(2, weights.shape[0], node) }
    try layer(
      conv, "conv", [x], node,
      shape: [weights.shape[0]] + moved(span, x, window, sides, node), weight: 1)
  }

  private mutating func pool(_ kind: Pooling.Kind, _ node: ONNXNodeReader) throws {
    let x = try image(0, node)
    guard let size = try node.ints("kernel_shape", count: 2), size.allSatisfy({ $0 >= 1 }) else {
      throw node.wrong("has no proper kernel_shape")
    }
    try node.expect("storage_order", 0)
    guard try node.dilation() == (1, 1) else {
      throw node.wrong("has dilations, which are only read of convolutions")
    }
    let includesPadding = try node.int("count_include_pad", default: 0) == 1
    let isCeiling = try node.int("ceil_mode", default: 0) == 1
    var (window, sides) = try window((size[0], size[1]), x, node)
    if isCeiling {
      // Windows that begin in the image and end outside it, as more padding behind it.
      let more = (
        missing(x.shape[1], size[0], window.stride.y, sides.top, sides.bottom),
        missing(x.shape[2], size[1], window.stride.x, sides.left, sides.right)
      )
      guard kind == .max || more == (0, 0) else {
        throw node.wrong(
          "has windows that end outside the image (ceil_mode), which is only read of maxima")
      }
      sides = (sides.top, sides.bottom + more.0, sides.left, sides.right + more.1)
      window.padding = .fixed(
        top: sides.top, bottom: sides.bottom, left: sides.left, right: sides.right)
    }
    let isInside = kind == .average && !includesPadding && sides != (0, 0, 0, 0)
    guard max(sides.top, sides.bottom) < size[0], max(sides.left, sides.right) < size[1] else {
      throw node.wrong("has padding as large as its windows")
    }
    try layer(
      Pooling(isInside ? .insideAverage : kind, size: (size[0], size[1]), window: window),
      kind == .max ? "max_pool" : "avg_pool", [x], node,
      shape: [x.shape[0]] + moved((size[0], size[1]), x, window, sides, node))
  }

  /// The padding that is missing behind an axis for windows that begin inside it.
  private func missing(_ length: Int, _ size: Int, _ stride: Int, _ before: Int, _ behind: Int)
    -> Int
  {
    let rest = length + before + behind - size
    guard rest >= 0 else { return 0 }
    var steps = (rest + stride - 1) / stride
    if steps * stride >= length + before { steps -= 1 }
    return max(steps * stride - rest, 0)
  }

  private func window(
    _ size: (height: Int, width: Int), _ x: Data, _ node: ONNXNodeReader
  ) throws -> (window: Window, sides: Padding.Sides) {
    let stride = try node.ints("strides", count: 2) ?? [1, 1]
    let pads = try node.ints("pads", count: 4) ?? [0, 0, 0, 0]
    let padding: Padding
    switch try node.string("auto_pad", default: "NOTSET") {
    case "NOTSET": padding = try Padding([pads[0], pads[2], pads[1], pads[3]])
    case "VALID": padding = .none
    case "SAME_UPPER": padding = .same
    case let other: throw node.wrong("has auto_pad = \(other), which is not read")
    }
    let window = try Window(stride: stride, padding: padding)
    return (
      window,
      padding.sides(image: (x.shape[1], x.shape[2]), size: size, stride: window.stride)
    )
  }

  /// The rows and columns of what windows give.
  private func moved(
    _ size: (height: Int, width: Int), _ x: Data, _ window: Window, _ sides: Padding.Sides,
    _ node: ONNXNodeReader
  ) throws -> [Int] {
    let rows = x.shape[1] + sides.top + sides.bottom - size.height
    let columns = x.shape[2] + sides.left + sides.right - size.width
    guard rows >= 0, columns >= 0 else {
      throw node.wrong(
        "has a window of \(size.height) x \(size.width) for images of \(x.shape[1]) x \(x.shape[2])"
      )
    }
    return [rows / window.stride.y + 1, columns / window.stride.x + 1]
  }

  private mutating func mean(_ node: ONNXNodeReader) throws {
    let x = try image(0, node)
    let axes = try node.has(1) ? integers(1, node) : node.ints("axes") ?? []
    try node.expect("noop_with_empty_axes", 0)
    guard Set(axes.map { $0 < 0 ? $0 &+ 4 : $0 }) == [2, 3] else {
      throw node.wrong("is only read of the two axes of an image")
    }
    if try node.int("keepdims", default: 1) == 1 {
      try give(.mean(x), node)
    } else {
      try give(.data(pooled(x, node)), node)
    }
  }

  /// Adds the mean of each channel as a vector.
  mutating func pooled(_ x: Data, _ node: ONNXNodeReader) throws -> Data {
    try named("global_avg_pool", [x], node, shape: [x.shape[0]])
  }
}
