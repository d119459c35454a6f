import Host
import Images
import Tensors

extension Transforms {
  /// `edges()`: the edges of images, one channel or repeated as three.
  public static func edges(_ edges: Edges, channels: Int = 1) -> Transform {
    EdgesTransform(edges, channels: channels)
  }
}

final class EdgesTransform: Transform {
  let name = "edges"
  let text: String
  let keepsPlaces = true
  private let edges: Edges
  private let channels: Int

  init(_ edges: Edges, channels: Int) {
    self.edges = edges
    self.channels = channels
    var options = edges.options
    if channels != 1 { options.append("channels: \(channels)") }
    text = "edges(\(options.joined(separator: ", ")))"
  }

  /// What people write, and which forest finds them.
  var key: String? {
    if case .structured = edges { return "\(text) by \(EdgeForest.shippedDigest)" }
    return text
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let found = try edges.find(in: sample.image)
    return sample.with(channels == 1 ? found : try Colour.rgb(found))
  }

  func scale(after scale: PixelScale) -> PixelScale { .unit }
  func refusal(of form: ImageForm) -> Failure? { refusal(ofAnyBut01: form.scale) }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count == 3 else { return nil }
    return [channels] + shape.dropFirst()
  }
}

extension Edges {
  /// What people write for these edges, where it is not the default.
  fileprivate var options: [String] {
    switch self {
    case .structured(let detector):
      let standard = StructuredEdges()
      let scales = detector.scales.map(numberText).joined(separator: ", ")
      return [
        detector.scales == standard.scales ? nil : "scales: [\(scales)]",
        detector.sharpen == standard.sharpen ? nil : "sharpen: \(detector.sharpen)",
        detector.trees == standard.trees ? nil : "trees: \(detector.trees)",
        detector.isThin ? "thin: true" : nil,
      ].compactMap { $0 }
    case .canny(let canny):
      let standard = Canny()
      return [
        "\"canny\"", canny.sigma == standard.sigma ? nil : "sigma: \(numberText(canny.sigma))",
        canny.low == standard.low ? nil : "low: \(numberText(canny.low))",
        canny.high == standard.high ? nil : "high: \(numberText(canny.high))",
      ].compactMap { $0 }
    case .sobel(let isThin): return ["\"sobel\""] + (isThin ? ["thin: true"] : [])
    }
  }
}
