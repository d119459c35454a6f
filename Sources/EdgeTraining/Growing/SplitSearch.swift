/// Finds the split that best separates a node's two classes, by an exact scan of sorted values.
struct SplitSearch {
  struct Split {
    var feature: Int
    var threshold: Float16
  }

  private let patches: SampledPatches
  /// The values of one feature with the class in the lowest bit; they sort in the order of the
  /// values.
  private var keys: [UInt32]
  private var spare: [UInt32]
  private var digits = [Int](repeating: 0, count: 3 * 2048)

  init(_ patches: SampledPatches, capacity: Int) {
    self.patches = patches
    keys = [UInt32](repeating: 0, count: capacity)
    spare = keys
  }

  /// Returns the split with the smallest weighted Gini impurity and at least `least` patches on
  /// each side; nil if the node is pure or no split reduces the impurity.
  mutating func best(
    _ part: UnsafeBufferPointer<Int32>, _ classes: UnsafePointer<UInt8>,
    _ features: ArraySlice<Int>,
    least: Int
  ) -> Split? {
    let count = part.count
    var ones = 0
    for i in 0..<count { ones += Int(classes[i]) }
    guard ones > 0, ones < count, count >= 2 * least else { return nil }
    var split: Split?
    var best = purity(ones, count) + 1e-10 * Double(count)
    for feature in features {
      fill(part, classes, feature)
      sort(count)
      var left = 0
      keys.withUnsafeBufferPointer { keys in
        for i in 1..<count {
          left += Int(keys[i - 1] & 1)
          guard i >= least, i <= count - least, keys[i] | 1 != keys[i - 1] | 1 else { continue }
          let gain = purity(left, i) + purity(ones - left, count - i)
          guard gain > best else { continue }
          let threshold = SplitSearch.threshold(between: keys[i - 1], keys[i])
          best = gain
          split = Split(feature: feature, threshold: threshold)
        }
      }
    }
    guard let split else { return nil }
    // A threshold is stored in 16 bits, so rounding may have moved it past some values.
    let below = (0..<count).reduce(0) {
      $0 + (value(part[$1], split.feature) < Float(split.threshold) ? 1 : 0)
    }
    return below >= least && count - below >= least ? split : nil
  }

  /// Partitions the patches into those below the threshold and the others, both in their original
  /// order; returns the number of those below.
  mutating func partition(_ part: UnsafeMutableBufferPointer<Int32>, _ split: Split) -> Int {
    var (left, right) = (0, 0)
    for i in 0..<part.count {
      if value(part[i], split.feature) < Float(split.threshold) {
        part[left] = part[i]
        left += 1
      } else {
        spare[right] = UInt32(bitPattern: part[i])
        right += 1
      }
    }
    for i in 0..<right { part[left + i] = Int32(bitPattern: spare[i]) }
    return left
  }

  /// Returns n (1 - Gini impurity) for n patches of which `ones` are of class 1.
  @inline(__always)
  private func purity(_ ones: Int, _ count: Int) -> Double {
    let (a, b) = (Double(ones), Double(count - ones))
    return (a * a + b * b) / Double(count)
  }

  @inline(__always)
  private func value(_ patch: Int32, _ feature: Int) -> Float {
    let source = patches.sources[Int(patches.image[Int(patch)])]
    let base = Int(patches.base[Int(patch)])
    let place = source.places[feature]
    return source.pixels[base + Int(place.first)] - source.pixels[base + Int(place.second)]
  }

  private mutating func fill(
    _ part: UnsafeBufferPointer<Int32>, _ classes: UnsafePointer<UInt8>, _ feature: Int
  ) {
    let patches = self.patches
    patches.sources.withUnsafeBufferPointer { sources in
      patches.image.withUnsafeBufferPointer { image in
        patches.base.withUnsafeBufferPointer { base in
          keys.withUnsafeMutableBufferPointer { keys in
            for i in 0..<part.count {
              let patch = Int(part[i])
              let source = sources[Int(image[patch])]
              let place = source.places[feature]
              let base = Int(base[patch])
              let value =
                source.pixels[base + Int(place.first)] - source.pixels[base + Int(place.second)]
              keys[i] = SplitSearch.ordered(value) & ~1 | UInt32(classes[i])
            }
          }
        }
      }
    }
  }

  /// Returns bits that sort in the order of the numbers.
  private static func ordered(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 != 0 ? ~bits : bits | 1 << 31
  }

  private static func number(_ ordered: UInt32) -> Float {
    Float(bitPattern: ordered >> 31 != 0 ? ordered & ~(1 << 31) : ~ordered)
  }

  /// Returns the midpoint of two keys' values, in the 16 bits that are stored in the forest's file.
  private static func threshold(between low: UInt32, _ high: UInt32) -> Float16 {
    Float16((number(low & ~1) + number(high & ~1)) / 2)
  }

  /// Sorts the first `count` keys; uses a radix sort with 11-bit digits if there are many.
  private mutating func sort(_ count: Int) {
    guard count > 1500 else {
      keys[..<count].sort()
      return
    }
    keys.withUnsafeMutableBufferPointer { keys in
      spare.withUnsafeMutableBufferPointer { spare in
        digits.withUnsafeMutableBufferPointer { digits in
          for i in digits.indices { digits[i] = 0 }
          for i in 0..<count {
            let key = keys[i]
            digits[Int(key & 2047)] += 1
            digits[2048 + Int(key >> 11 & 2047)] += 1
            digits[4096 + Int(key >> 22)] += 1
          }
          for pass in 0..<3 {
            var start = 0
            for d in pass * 2048..<(pass + 1) * 2048 {
              let size = digits[d]
              digits[d] = start
              start += size
            }
            let (from, to) = pass == 1 ? (spare, keys) : (keys, spare)
            for i in 0..<count {
              let digit = pass * 2048 + Int(from[i] >> UInt32(11 * pass) & 2047)
              to[digits[digit]] = from[i]
              digits[digit] += 1
            }
          }
          for i in 0..<count { keys[i] = spare[i] }
        }
      }
    }
  }
}
