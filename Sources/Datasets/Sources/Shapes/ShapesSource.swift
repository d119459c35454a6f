import Glibc
import Host
import Images
import Tensors

/// The options of `shapes`.
public struct ShapeOptions: Sendable {
  /// The side of the image in pixels.
  public var size = 32
  /// Squares, circles and equilateral triangles only, not rectangles, ellipses and any triangles.
  public var isBasic = true
  /// Three channels instead of one.
  public var isColour = false
  /// How much is behind the shape: 0 (nothing), 1 (a lot) or more.
  public var clutter = 0.0
  /// The smallest and the largest fraction of the image that the shape covers.
  public var area = (0.1, 0.4)
  /// The seed of all draws.
  public var seed: UInt64 = 0
  /// Makes the default options.
  public init() {}
}

extension Dataset {
  /// Makes shapes without splits, or with `train` and the other splits that are not empty. Record i
  /// of a split depends on the options, on i and on the number of records in the splits before it.
  /// Throws `argument`.
  public static func shapes(_ options: ShapeOptions, train: Int, val: Int = 0, test: Int = 0) throws
    -> Dataset
  {
    // This is checked before anything is drawn or allocated: each record takes a label and a place
    // in a view.
    let counts = [train, val, test]
    let (most, total) = (ShapesSource.most, counts.reduce(0.0) { $0 + Double($1) })
    guard counts.allSatisfy({ $0 >= 0 }), total <= Double(most) else {
      throw Failure(
        "argument",
        "shapes: there can be 0 to \(View.grouped(most)) shapes in all, got \(total.scriptText)",
        hint: "set another seed(n) for other shapes")
    }
    try Memory.expect(32 * Int(total), for: "shapes: a view of \(total.scriptText) records")
    var parts: [(name: String, view: View)] = []
    var first = 0
    for (name, count) in [("train", train), ("val", val), ("test", test)]
    where name == "train" || count > 0 {
      parts.append((name, View(try ShapesSource(options, count: count, first: first))))
      first &+= count
    }
    return parts.count > 1 ? Dataset(splits: parts) : Dataset(parts[0].view)
  }
}

/// Images of one geometric shape each, with its exact box: rectangle, ellipse or triangle. It
/// follows BasicShapes and GeomShapes of Bengio et al., "Curriculum learning" (2009), drawn with
/// anti-aliasing at any size, in grey or colour, on a plain or a cluttered background. A record
/// depends only on the options, the seed and its number.
final class ShapesSource: RecordSource {
  let title = "shapes"
  let identity: String
  let count: Int
  let classes: [String]
  let labels: [Int32]
  let imageShape: [Int]?
  let isResident = false
  private let options: ShapeOptions
  private let first: Int
  /// The maximum number of shapes in a data set, 2^24.
  static let most = 1 << 24
  private let key: RandomKey

  /// Makes records `first` to `first + count` of the infinite series that the options define.
  /// Throws `argument`.
  init(_ options: ShapeOptions, count: Int, first: Int = 0) throws {
    func refuse(_ text: String) -> Failure { Failure("argument", "shapes: " + text) }
    guard count >= 0, count < Int(Int32.max), first < Int(Int32.max) - count else {
      throw refuse("there must be fewer than 2^31 shapes, got \(count)")
    }
    guard (4...4096).contains(options.size) else {
      throw refuse("size must be 4 to 4096 pixels, got \(options.size)")
    }
    let (low, high) = options.area
    guard low > 0, low <= high, low <= 0.3, high <= 0.5 else {
      throw refuse(
        "area must be two fractions of the image, the first at most 0.3, the second at most 0.5, "
          + "got [\(low), \(high)]")
    }
    guard options.clutter >= 0, options.clutter <= 4 else {
      throw refuse("clutter must be 0 to 4, got \(options.clutter)")
    }
    self.options = options
    self.count = count
    self.first = first
    let key = RandomKey(seed: options.seed)["shapes"]
    self.key = key
    identity =
      "shapes \(options.isBasic ? "basic" : "geom") size \(options.size) colour \(options.isColour) "
      + "clutter \(options.clutter) area \(low) \(high) seed \(options.seed) from \(first)"
    classes =
      options.isBasic ? ["square", "circle", "triangle"] : ["rectangle", "ellipse", "triangle"]
    labels = (first..<first + count).map { Int32(key[$0].below(3, 0)) }
    imageShape = [options.isColour ? 3 : 1, options.size, options.size]
  }

  func load(_ record: Int) throws -> Sample {
    var draws = draws(record)
    let outline = outline(Int(labels[record]), &draws)
    var canvas = ShapeCanvas(
      size: options.size, channels: options.isColour ? 3 : 1, draws: draws)
    if options.clutter > 0 {
      canvas.drawClutter(options.clutter, area: options.area, isBasic: options.isBasic)
      canvas.drawObject(outline, over: outline.box)
      canvas.drawGrain(0.02 * min(1, options.clutter))
    } else {
      canvas.drawPlain(outline)
    }
    return Sample(try canvas.image(), box: outline.box)
  }

  func annotation(_ record: Int) -> Annotation? {
    var draws = draws(record)
    return Annotation(box: outline(Int(labels[record]), &draws).box, parts: [])
  }

  func content(_ record: Int) throws -> Digest { numbered(record) }
  var isNumbered: Bool { true }

  private func draws(_ record: Int) -> Draws { Draws(key[first + record]["drawing"]) }

  /// A shape of a class, at a place where it fits.
  private func outline(_ kind: Int, _ draws: inout Draws) -> Outline {
    let size = Double(options.size)
    while true {
      let shape = ShapeCanvas.outline(
        kind, area: draws.uniform(options.area.0, options.area.1) * size * size,
        isBasic: options.isBasic, &draws)
      let box = shape.box
      guard max(box.width, box.height) <= 0.9 * size else { continue }
      return shape.moved(
        draws.uniform(0, size - box.width) - box.x, draws.uniform(0, size - box.height) - box.y)
    }
  }
}

/// A sequence of random numbers drawn from a key.
struct Draws {
  private let key: RandomKey
  private var counter: UInt64 = 0

  init(_ key: RandomKey) { self.key = key }

  mutating func uniform(_ low: Double = 0, _ high: Double = 1) -> Double {
    counter += 1
    return low + (high - low) * key.uniform(counter)
  }
  mutating func below(_ bound: Int) -> Int {
    counter += 1
    return key.below(bound, counter)
  }
  /// A separate key for a series of draws.
  mutating func branch() -> RandomKey {
    counter += 1
    return key[Int(truncatingIfNeeded: counter)]
  }
}
