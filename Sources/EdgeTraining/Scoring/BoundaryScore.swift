import Host
import Tensors

/// The boundary benchmark of BSDS500, which compares edge maps with boundaries that people drew. At
/// each threshold, the edges are thinned to a width of one pixel and matched one to one with the
/// boundaries of each person, up to a distance of 0.0075 of the diagonal. Recall counts the pixels
/// of each person, precision the pixels that match those of any person.
public struct BoundaryScore {
  /// The counts at one threshold.
  struct Counts {
    /// The number of people's boundary pixels that were found, and their total number.
    var recalled = 0, drawn = 0
    /// The number of edge pixels that match someone's boundary, and their total number.
    var right = 0, found = 0

    static func + (a: Counts, b: Counts) -> Counts {
      Counts(
        recalled: a.recalled + b.recalled, drawn: a.drawn + b.drawn, right: a.right + b.right,
        found: a.found + b.found)
    }

    var recall: Double { drawn == 0 ? 0 : Double(recalled) / Double(drawn) }
    var precision: Double { found == 0 ? 0 : Double(right) / Double(found) }
    var f: Double { BoundaryScore.f(recall, precision) }
  }

  /// F-measure, precision and recall at the single threshold that is best for all images together,
  /// with linear interpolation between the thresholds (ODS).
  public private(set) var ods = (f: 0.0, precision: 0.0, recall: 0.0, threshold: 0.0)
  /// The F-measure with the best threshold for each image (OIS).
  public private(set) var ois = 0.0
  /// The average precision over all recalls (AP).
  public private(set) var ap = 0.0

  /// Returns `count` thresholds, evenly spaced between 0 and 1.
  public static func thresholds(_ count: Int) -> [Float] {
    (1...count).map { Float($0) / Float(count + 1) }
  }

  /// Computes the score of edge maps [1, h, w] in 0..1. Throws `edges-example` if the sizes
  /// disagree.
  public init(_ maps: [Tensor], _ examples: [EdgeExample], thresholds: [Float]) throws {
    precondition(maps.count == examples.count)
    let counts = try parallelMap(maps.count) {
      try BoundaryScore.counts(maps[$0], examples[$0], thresholds: thresholds)
    }
    self.init(counts, thresholds: thresholds)
  }

  /// Computes the score from the counts of images, each at all thresholds.
  init(_ images: [[Counts]], thresholds: [Float]) {
    let totals = thresholds.indices.map { t in images.reduce(Counts()) { $0 + $1[t] } }
    for (t, total) in totals.enumerated() {
      let next = totals[min(t + 1, totals.count - 1)]
      for step in 0..<100 {
        let part = Double(step) / 100
        let recall = total.recall + (next.recall - total.recall) * part
        let precision = total.precision + (next.precision - total.precision) * part
        let f = BoundaryScore.f(recall, precision)
        if f > ods.f {
          let threshold = Double(thresholds[t])
          let following = Double(thresholds[min(t + 1, totals.count - 1)])
          ods = (f, precision, recall, threshold + (following - threshold) * part)
        }
      }
    }
    ois =
      images.reduce(Counts()) { sum, counts in
        sum + (counts.max { $0.f < $1.f } ?? Counts())
      }.f
    ap = BoundaryScore.area(totals)
  }

  private static func f(_ recall: Double, _ precision: Double) -> Double {
    recall + precision == 0 ? 0 : 2 * recall * precision / (recall + precision)
  }

  /// Returns the mean of the precisions at the recalls 0, 0.01 ... 1, interpolated linearly between
  /// the measured recalls and 0 beyond them.
  private static func area(_ totals: [Counts]) -> Double {
    var points: [(recall: Double, precision: Double)] = []
    for total in totals.sorted(by: { ($0.recall, $0.precision) < ($1.recall, $1.precision) })
    where points.last?.recall != total.recall && total.found > 0 {
      points.append((total.recall, total.precision))
    }
    return (0...100).reduce(0.0) { sum, step in
      let recall = Double(step) / 100
      guard let high = points.firstIndex(where: { $0.recall >= recall }) else { return sum }
      if points[high].recall == recall { return sum + points[high].precision / 100 }
      guard high > 0 else { return sum }
      let (a, b) = (points[high - 1], points[high])
      let part = (recall - a.recall) / (b.recall - a.recall)
      return sum + (a.precision + (b.precision - a.precision) * part) / 100
    }
  }

  /// Returns the counts of an image at each threshold. `edges` has the shape [1, h, w], with values
  /// in 0..1.
  static func counts(_ edges: Tensor, _ example: EdgeExample, thresholds: [Float]) throws
    -> [Counts]
  {
    let (h, w) = (example.height, example.width)
    guard edges.shape == [1, h, w], edges.dtype == .float32 else {
      throw Failure(
        "edges-example", "edges \(Tensor.describe(edges.shape)) for an image [\(h), \(w)]")
    }
    let values = edges.array(Float.self)
    let reach = 0.0075 * (Double(h * h + w * w)).squareRoot()
    let matching = BoundaryMatching(height: h, width: w, reach: reach)
    let people = example.segmentations.map { person in
      person.isBoundary.indices.filter { person.isBoundary[$0] }.map { Int32($0) }
    }
    return thresholds.map { threshold in
      let thin = BoundaryThinning.thin(
        values.map { $0 >= threshold }, height: h, width: w)
      let found = thin.indices.filter { thin[$0] }.map { Int32($0) }
      var counts = Counts()
      var isRight = [Bool](repeating: false, count: found.count)
      for drawn in people {
        let matched = matching.match(found, drawn)
        for i in matched { isRight[i] = true }
        counts.recalled += matched.count
        counts.drawn += drawn.count
      }
      counts.found = found.count
      counts.right = isRight.filter { $0 }.count
      return counts
    }
  }
}
