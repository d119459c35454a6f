import Host
import Tensors

extension Digest {
  /// Adds a record's annotation.
  mutating func add(_ annotation: Annotation) {
    let box = annotation.box.map { [$0.x, $0.y, $0.width, $0.height] } ?? []
    add(UInt64(box.count))
    for number in box { add(number.bitPattern) }
    add(UInt64(annotation.parts.count))
    for part in annotation.parts {
      add(part.name)
      add(part.x.bitPattern)
      add(part.y.bitPattern)
    }
  }

  /// The digest as a key.
  var key: ContentKey { ContentKey(a: words.0, b: words.1) }
}

/// A digest as a key.
struct ContentKey: Hashable, Sendable {
  let a: UInt64
  let b: UInt64
}
