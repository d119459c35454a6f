import Images
import Tensors

/// Maps the structured labels of a node's patches to two classes. The coordinates of a label tell
/// for each of 256 random pairs of pixels whether the two are in the same segment; the class is the
/// sign of the first principal component of the coordinates. The component is computed from at most
/// 2,048 of the labels.
struct LabelClasses {
  private static let pairs = 256
  private static let most = 2048
  private static let iterations = 24

  /// All pairs of different pixels.
  private static let all: [(UInt8, UInt8)] = (0..<SegmentMask.pixels).flatMap { a in
    (a + 1..<SegmentMask.pixels).map { b in
      (UInt8(truncatingIfNeeded: a), UInt8(truncatingIfNeeded: b))
    }
  }

  private let labels: UnsafePointer<UInt8>
  private var first = [Int](repeating: 0, count: pairs)
  private var second = [Int](repeating: 0, count: pairs)
  /// The coordinates of the sampled labels, one row for each.
  private var rows = [Float](repeating: 0, count: most * pairs)
  private var mean = [Float](repeating: 0, count: pairs)
  private var component = [Float](repeating: 0, count: pairs)
  private var drawn = [Bool](repeating: false, count: all.count)

  /// Creates the classifier; `labels` contains 256 labels per patch.
  init(labels: UnsafePointer<UInt8>) { self.labels = labels }

  /// Writes the class of each patch, 0 or 1, and returns the patch whose label is closest to the
  /// mean label.
  mutating func classify(
    _ patches: UnsafeBufferPointer<Int32>, _ key: RandomKey,
    into classes: UnsafeMutablePointer<UInt8>
  ) -> Int {
    drawPairs(key)
    let looked = min(patches.count, LabelClasses.most)
    for j in 0..<LabelClasses.pairs { mean[j] = 0 }
    for i in 0..<looked {
      let label = labels + Int(patches[i * patches.count / looked]) * SegmentMask.pixels
      for j in 0..<LabelClasses.pairs {
        let same: Float = label[first[j]] == label[second[j]] ? 1 : 0
        rows[i * LabelClasses.pairs + j] = same
        mean[j] += same
      }
    }
    for j in 0..<LabelClasses.pairs { mean[j] /= Float(looked) }
    findComponent(looked, key)

    let offset = LabelClasses.dot(mean, component)
    for (i, patch) in patches.enumerated() {
      let label = labels + Int(patch) * SegmentMask.pixels
      var sum: Float = 0
      for j in 0..<LabelClasses.pairs {
        sum += label[first[j]] == label[second[j]] ? component[j] : 0
      }
      classes[i] = sum > offset ? 1 : 0
    }
    return Int(patches[nearest(looked) * patches.count / looked])
  }

  private mutating func drawPairs(_ key: RandomKey) {
    var counter: UInt64 = 0
    var numbers: [Int] = []
    while numbers.count < LabelClasses.pairs {
      let number = key.below(LabelClasses.all.count, counter)
      counter += 1
      if drawn[number] { continue }
      drawn[number] = true
      (first[numbers.count], second[numbers.count]) = (
        Int(LabelClasses.all[number].0), Int(LabelClasses.all[number].1)
      )
      numbers.append(number)
    }
    for number in numbers { drawn[number] = false }
  }

  /// Computes the first principal component by power iteration.
  private mutating func findComponent(_ count: Int, _ key: RandomKey) {
    typealias Row = SIMD16<Float>
    let parts = LabelClasses.pairs / Row.scalarCount
    let start = key["start"]
    for j in 0..<LabelClasses.pairs { component[j] = Float(start.uniform(UInt64(j)) - 0.5) }
    rows.withUnsafeBufferPointer { rows in
      component.withUnsafeMutableBufferPointer { component in
        mean.withUnsafeBufferPointer { mean in
          guard let z = UnsafeRawPointer(rows.baseAddress),
            let m = UnsafeRawPointer(mean.baseAddress),
            let v = UnsafeMutableRawPointer(component.baseAddress)
          else { return }
          // SAFETY: all pointers refer to rows of 256 numbers, which are 16 parts of 64 bytes.
          func part(_ p: UnsafeRawPointer, _ k: Int) -> Row {
            p.loadUnaligned(fromByteOffset: k * 64, as: Row.self)
          }
          withUnsafeTemporaryAllocation(of: Row.self, capacity: parts) { next in
            for _ in 0..<LabelClasses.iterations {
              var centre = Row()
              for k in 0..<parts {
                centre += part(m, k) * part(v, k)
                next[k] = Row()
              }
              let offset = centre.sum()
              var total: Float = 0
              for i in 0..<count {
                let row = z + i * LabelClasses.pairs * 4
                var along = Row()
                for k in 0..<parts { along += part(row, k) * part(v, k) }
                let t = along.sum() - offset
                total += t
                for k in 0..<parts { next[k] += part(row, k) * t }
              }
              var square: Float = 0
              for k in 0..<parts {
                next[k] -= part(m, k) * total
                square += (next[k] * next[k]).sum()
              }
              let scale = square > 0 ? 1 / square.squareRoot() : 0
              for k in 0..<parts {
                v.storeBytes(of: next[k] * scale, toByteOffset: k * 64, as: Row.self)
              }
            }
          }
        }
      }
    }
  }

  /// Returns the row that is closest to the mean.
  private func nearest(_ count: Int) -> Int {
    var (best, least) = (0, Float.infinity)
    for i in 0..<count {
      var distance: Float = 0
      for j in 0..<LabelClasses.pairs {
        let d = rows[i * LabelClasses.pairs + j] - mean[j]
        distance += d * d
      }
      if distance < least { (best, least) = (i, distance) }
    }
    return best
  }

  private static func dot(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
