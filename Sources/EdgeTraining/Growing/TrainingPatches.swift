import Images
import Tensors

/// The pixel that a patch lies around: the first of the lower right quarter.
struct PatchCentre {
  var y: Int
  var x: Int
}

/// A photograph's channels and segmentations, from which patches are drawn.
final class TrainingPatches {
  private let example: EdgeExample
  private let channels: EdgeChannels
  private let places: UnsafeMutableBufferPointer<EdgeFeatures.Place>

  init(of example: EdgeExample) throws {
    self.example = example
    let rgb = try Raster(image: example.image)
    channels = try EdgeChannels(
      rgb.padded(top: 0, left: 0, bottom: -rgb.height & 3, right: -rgb.width & 3))
    let found = EdgeFeatures.places(
      height: channels.planes.height, width: channels.planes.width)
    places = .allocate(capacity: found.count)
    _ = places.initialize(from: found)
  }

  deinit { places.deallocate() }

  /// How many people segmented the photograph.
  var segmentations: Int { example.segmentations.count }

  // SAFETY: the memory is this object's, which the sampled patches hold.
  /// Where features are found.
  var source: SampledPatches.Source {
    SampledPatches.Source(
      pixels: channels.planes.base, places: UnsafeBufferPointer(places))
  }

  /// The first channel pixel of the patch around a centre.
  func base(_ centre: PatchCentre) -> Int {
    (centre.y - 16) / 2 * channels.planes.width + (centre.x - 16) / 2
  }

  /// The label of a pixel of the 16 x 16 around a centre.
  func label(_ person: Int, _ centre: PatchCentre, _ pixel: Int) -> UInt16 {
    let (y, x) = (centre.y - 8 + pixel / 16, centre.x - 8 + pixel % 16)
    return example.segmentations[person].labels[y * example.width + x]
  }

  /// The centres on every second pixel, 16 or more from the borders: those less than 8 pixels from a
  /// boundary of this person's, and the others.
  func centres(_ person: Int) -> (near: [PatchCentre], far: [PatchCentre]) {
    let (h, w) = (example.height, example.width)
    let boundary = example.segmentations[person].isBoundary
    // The distance to the nearest boundary pixel up or down, 8 where it is that or more.
    var column = [Int](repeating: 8, count: h * w)
    for x in 0..<w {
      var distance = 8
      for y in 0..<h {
        distance = boundary[y * w + x] ? 0 : min(distance + 1, 8)
        column[y * w + x] = distance
      }
      for y in stride(from: h - 1, through: 0, by: -1) {
        distance = boundary[y * w + x] ? 0 : min(distance + 1, 8)
        column[y * w + x] = min(column[y * w + x], distance)
      }
    }
    var near: [PatchCentre] = []
    var far: [PatchCentre] = []
    for y in stride(from: 16, through: h - 16, by: 2) {
      for x in stride(from: 16, through: w - 16, by: 2) {
        let isNear = (-7...7).contains { d in
          guard 0..<w ~= x + d else { return false }
          let up = column[min(y, h - 1) * w + x + d]
          return up * up + d * d < 64
        }
        if isNear {
          near.append(PatchCentre(y: y, x: x))
        } else {
          far.append(PatchCentre(y: y, x: x))
        }
      }
    }
    return (near, far)
  }
}

/// The patches that one tree learns from.
struct SampledPatches {
  /// An image's channels and where its features are in them.
  struct Source {
    let pixels: UnsafePointer<Float>
    let places: UnsafeBufferPointer<EdgeFeatures.Place>
  }

  private(set) var sources: [Source] = []
  /// The images, held for their memory.
  private var images: [TrainingPatches] = []
  /// Each patch's image.
  private(set) var image: [Int32] = []
  /// Each patch's first channel pixel.
  private(set) var base: [Int32] = []
  /// Each patch's 256 labels, renumbered from 0.
  private(set) var labels: [UInt8] = []

  /// How many there are.
  var count: Int { image.count }

  /// Adds the patch around a centre. Patches of an image are added one after another.
  mutating func append(_ from: TrainingPatches, _ person: Int, _ centre: PatchCentre) {
    if images.last !== from {
      images.append(from)
      sources.append(from.source)
    }
    image.append(Int32(sources.count - 1))
    base.append(Int32(from.base(centre)))
    let start = labels.count
    labels.append(contentsOf: repeatElement(0, count: SegmentMask.pixels))
    labels.withUnsafeMutableBufferPointer { buffer in
      guard let labels = buffer.baseAddress else { return }
      _ = SegmentMask.renumber(
        SegmentMask.pixels, { from.label(person, centre, $0) }, into: labels + start)
    }
  }
}
