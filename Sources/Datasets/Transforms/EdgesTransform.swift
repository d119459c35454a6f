import Host
import Images
import Tensors

extension Transforms {
  /// `edges()`: detects the edges of images, in one channel or repeated in three.
  public static func edges(_ edges: Edges, channels: Int = Transforms.channels.standard)
    -> Transform
  {
    EdgesTransform(edges: edges, channels: channels)
  }
}

private struct EdgesTransform: Transform {
  let name = "edges"
  let keepsPlaces = true
  let edges: Edges
  let channels: Int

  var text: String { callText(name, edges.options + [Transforms.channels.text(channels)]) }

  /// The key is the transform's text and the forest that is used.
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
    planes(shape, channels)
  }
}

extension Edges {
  /// The options of these edges as scripts write them, without defaults.
  fileprivate var options: [String?] {
    switch self {
    case .structured(let detector):
      let standard = StructuredEdges()
      let scales = detector.scales.map(\.scriptText).joined(separator: ", ")
      return [
        detector.scales == standard.scales ? nil : "scales: [\(scales)]",
        TransformOption("sharpen", standard.sharpen).text(detector.sharpen),
        TransformOption("trees", standard.trees).text(detector.trees),
        detector.isThin ? "thin: true" : nil,
      ]
    case .canny(let canny):
      let standard = Canny()
      return [
        "\"canny\"", TransformOption("sigma", standard.sigma).text(canny.sigma),
        TransformOption("low", standard.low).text(canny.low),
        TransformOption("high", standard.high).text(canny.high),
      ]
    case .sobel(let isThin): return ["\"sobel\"", isThin ? "thin: true" : nil]
    }
  }
}
