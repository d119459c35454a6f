import Images
import Tensors

/// The centre pixel of a patch, which is the first pixel of its lower right quarter.
struct PatchCentre {
  var y: Int
  var x: Int
}

/// The channels and segmentations of a photograph, from which patches are sampled.
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

  /// The number of people who segmented the photograph.
  var segmentations: Int { example.segmentations.count }

  // SAFETY: the memory is this object's, which the sampled patches hold.
  /// The locations of the features.
  var source: SampledPatches.Source {
    SampledPatches.Source(
      pixels: channels.planes.base, places: UnsafeBufferPointer(places))
  }

  /// Returns the index of the first channel pixel of the patch around a centre.
  func base(_ centre: PatchCentre) -> Int {
    (centre.y - 16) / 2 * channels.planes.width + (centre.x - 16) / 2
  }

  /// Returns the label of a pixel in the 16 x 16 pixels around a centre.
  func label(_ person: Int, _ centre: PatchCentre, _ pixel: Int) -> UInt16 {
    let (y, x) = (centre.y - 8 + pixel / 16, centre.x - 8 + pixel % 16)
    return example.segmentations[person].labels[y * example.width + x]
  }

  /// Returns the centres, on every second pixel and at least 16 pixels from the borders, in two
  /// groups: those less than 8 pixels from a boundary drawn by this person, and the others.
  func centres(_ person: Int) -> (near: [PatchCentre], far: [PatchCentre]) {
    let (h, w) = (example.height, example.width)
    let boundary = example.segmentations[person].isBoundary
    // The distance to the nearest boundary pixel above or below, limited to 8.
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

/// The patches that one tree is trained on.
struct SampledPatches {
  /// The channels of an image and the locations of its features in them.
  struct Source {
    let pixels: UnsafePointer<Float>
    let places: UnsafeBufferPointer<EdgeFeatures.Place>
  }

  private(set) var sources: [Source] = []
  /// The images, which are retained because `sources` points to their memory.
  private var images: [TrainingPatches] = []
  /// The index of each patch's image.
  private(set) var image: [Int32] = []
  /// The index of each patch's first channel pixel.
  private(set) var base: [Int32] = []
  /// The 256 labels of each patch, renumbered from 0.
  private(set) var labels: [UInt8] = []

  /// The number of patches.
  var count: Int { image.count }

  /// Adds the patch around a centre. The patches of an image must be added consecutively.
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
