import Formats
import Gradients
import Tensors

/// Operators that make images larger.
extension ONNXImport {
  mutating func transposedConvolution(_ node: ONNXNodeReader) throws {
    let x = try image(0, node)
    let weights = try numbers(1, node)
    let groups = try node.int("group", default: 1)
    guard weights.shape.count == 4, !weights.shape.contains(0), groups >= 1,
      weights.shape[0] == x.shape[0], weights.shape[0] % groups == 0
    else {
      throw node.wrong(
        "has weights of shape \(Tensor.describe(weights.shape)) in \(groups) groups for "
          + "\(x.shape[0]) channels")
    }
    let size = (height: weights.shape[2], width: weights.shape[3])
    try node.expectWindow(size)
    guard try node.string("auto_pad", default: "NOTSET") == "NOTSET" else {
      throw node.wrong("has auto_pad, which is not read here")
    }
    let pads = try node.ints("pads", count: 4) ?? [0, 0, 0, 0]
    let extra = try node.ints("output_padding", count: 2) ?? [0, 0]
    let (filters, overflow) = weights.shape[1].multipliedReportingOverflow(by: groups)
    guard !overflow else { throw node.wrong("has \(groups) groups, which are too many") }
    var options = WeightOptions()
    options.hasBias = node.has(2)
    let layer = try ConvTranspose(
      filters: filters, size: size,
      window: Window(
        stride: node.ints("strides", count: 2) ?? [1, 1],
        padding: Padding([pads[0], pads[2], pads[1], pads[3]])),
      extra: (extra[0], extra[1]), groups: groups, dilation: node.dilation(), options: options,
      key: key)
    layer.weight.value = weights
    if let bias = layer.bias { bias.value = try vector(2, filters, node) }
    let span = Variable.span(size, layer.dilation)
    // Sides up to here, and strides that fit a side, can be multiplied.
    guard x.shape[1] < 1 << 30, x.shape[2] < 1 << 30, layer.window.stride.y < 1 << 30,
      layer.window.stride.x < 1 << 30
    else { throw node.wrong("makes images that are too large") }
    let sides = [
      (x.shape[1] - 1) * layer.window.stride.y + span.height + extra[0] - pads[0] - pads[2],
      (x.shape[2] - 1) * layer.window.stride.x + span.width + extra[1] - pads[1] - pads[3],
    ]
    guard sides.allSatisfy({ $0 >= 1 }) else {
      throw node.wrong("has padding that leaves nothing of its result")
    }
    try self.layer(
      layer, "conv_transpose", [x], node, shape: [filters] + sides, weight: 1)
  }

  /// Whole multiples of images, in the ways in which `Upsample` makes them.
  mutating func resize(_ node: ONNXNodeReader) throws {
    let x = try image(0, node)
    guard node.has(2), !node.has(1), !node.has(3) else {
      throw node.wrong("is only read with scales")
    }
    let scales = try numbers(2, node).array(Float.self)
    guard scales.count == 4, scales[0] == 1, scales[1] == 1,
      scales.allSatisfy({ $0 == $0.rounded() && (1..<0x1p20).contains($0) })
    else { throw node.wrong("has the scales \(scales), where whole ones of images are read") }
    let mode = try node.string("mode", default: "nearest")
    let places = try node.string("coordinate_transformation_mode", default: "half_pixel")
    let rounding = try node.string("nearest_mode", default: "round_prefer_floor")
    // What only other modes use.
    _ = try (node.number("cubic_coeff_a"), node.number("extrapolation_value"))
    _ = try node.int("exclude_outside", default: 0)
    _ = try node.string("keep_aspect_ratio_policy", default: "stretch")
    try node.expect("antialias", 0)
    let method: UpsampleMethod
    switch (mode, places) {
    case ("nearest", "asymmetric") where rounding == "floor": method = .nearest
    case ("linear", "half_pixel"), ("linear", "pytorch_half_pixel"): method = .bilinear
    default:
      throw node.wrong(
        "has mode = \(mode), coordinate_transformation_mode = \(places) and nearest_mode = "
          + "\(rounding), which is not read")
    }
    let (rows, columns) = (Int(scales[2]), Int(scales[3]))
    guard x.shape[1] < 1 << 30, x.shape[2] < 1 << 30 else {
      throw node.wrong("makes images that are too large")
    }
    try layer(
      Upsample(.factor(rows: rows, columns: columns), method: method), "upsample", [x], node,
      shape: [x.shape[0], x.shape[1] * rows, x.shape[2] * columns])
  }
}
