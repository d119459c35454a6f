import Tensors
import Testing

@testable import EdgeTraining

struct BoundaryScoreTests {
  @Test func thinningIsScikitImages() throws {
    let pattern = (0..<24 * 31).map { i in
      let (y, x) = (i / 31, i % 31)
      return (3 * x * x + 5 * y * y + 7 * x * y) / 8 % 256 > 102
    }
    let thin = BoundaryThinning.thin(pattern, height: 24, width: 31)
    let rows = stride(from: 0, to: thin.count, by: 31).map { start in
      String(thin[start..<start + 31].map { $0 ? "#" : "." })
    }
    #expect(rows == thinned)
  }

  /// How many pairs there can be at most, by trying for each pixel alone.
  private func most(_ found: [Int32], _ drawn: [Int32], width: Int, reach: Double) -> Int {
    func meets(_ a: Int32, _ b: Int32) -> Bool {
      let (dy, dx) = (Int(a) / width - Int(b) / width, Int(a) % width - Int(b) % width)
      return Double(dy * dy + dx * dx) <= reach * reach
    }
    var partner = [Int](repeating: -1, count: drawn.count)
    func place(_ i: Int, _ seen: inout Set<Int>) -> Bool {
      for j in drawn.indices where meets(found[i], drawn[j]) && seen.insert(j).inserted {
        if partner[j] < 0 || place(partner[j], &seen) {
          partner[j] = i
          return true
        }
      }
      return false
    }
    return found.indices.filter {
      var seen: Set<Int> = []
      return place($0, &seen)
    }.count
  }

  @Test func matchingPairsAsManyAsCanBe() {
    let (h, w) = (14, 17)
    let key = RandomKey(seed: 5)
    for round in 0..<60 {
      let reach = [1, 1.5, 2.3, 4][round % 4]
      func pixels(_ key: RandomKey) -> [Int32] {
        (0..<h * w).filter { key.uniform(UInt64($0)) < 0.2 }.map { Int32($0) }
      }
      let (found, drawn) = (pixels(key[round][0]), pixels(key[round][1]))
      let matched = BoundaryMatching(height: h, width: w, reach: reach).match(found, drawn)
      #expect(Set(matched).count == matched.count)
      #expect(matched.count == most(found, drawn, width: w, reach: reach))
    }
  }

  private func example(_ isBoundary: [[Bool]], _ h: Int, _ w: Int) throws -> EdgeExample {
    try EdgeExample(
      image: Tensor(zeros: [1, h, w]),
      segmentations: isBoundary.map {
        EdgeExample.Segmentation(labels: [UInt16](repeating: 0, count: h * w), isBoundary: $0)
      }, name: "lines")
  }

  @Test func whatIsDrawnIsFound() throws {
    let (h, w) = (150, 200)
    func line(_ column: Int) -> [Bool] { (0..<h * w).map { $0 % w == column } }
    let thresholds = BoundaryScore.thresholds(9)
    func score(_ maps: [Bool], _ people: [[Bool]]) throws -> BoundaryScore {
      let map = try Tensor(maps.map { $0 ? Float(0.55) : 0 }, shape: [1, h, w])
      return try BoundaryScore([map], [example(people, h, w)], thresholds: thresholds)
    }
    // A distance of one pixel is within 0.0075 of the diagonal of 250, two are not.
    #expect(try score(line(40), [line(41)]).ods.f == 1)
    #expect(try score(line(40), [line(42)]).ods.f == 0)
    // Of two people's lines one is found: all that is found is right, half of what is drawn is found.
    let half = try score(line(40), [line(40), line(120)])
    #expect(half.ods.precision == 1 && half.ods.recall == 0.5 && half.ois == half.ods.f)
    // A wrong line more halves the precision.
    let both = zip(line(40), line(120)).map { $0 || $1 }
    let more = try score(both, [line(40)])
    #expect(more.ods.recall == 1 && more.ods.precision == 0.5)
  }

  @Test func theAreaIsTheMeanPrecision() {
    func counts(_ right: Int, _ found: Int, _ recalled: Int) -> BoundaryScore.Counts {
      BoundaryScore.Counts(recalled: recalled, drawn: 100, right: right, found: found)
    }
    let score = BoundaryScore(
      [[counts(100, 200, 100), counts(50, 50, 50), counts(10, 10, 10)]],
      thresholds: BoundaryScore.thresholds(3))
    // From recall 0.1 to 0.5 precision 1, from there down to 0.5 at 1; 0 below 0.1.
    let falling: [Double] = (51...100).map { 1.5 - Double($0) / 100 }
    let wanted: Double = (41 + falling.reduce(0, +)) / 100
    #expect(abs(score.ap - wanted) < 1e-9)
    #expect(abs(score.ods.f - 2 * 0.75 * 0.75 / 1.5) < 0.02)
  }
}
