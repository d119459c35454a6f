import Tensors

/// `cached("disk")`: changes nothing, and marks where a chain is kept in files.
final class CachedTransform: Transform {
  let name = "cached"
  let text = "cached(\"disk\")"
  let keepsPlaces = true
  let keepsScale = true
  let disk: DiskCache?

  init(_ disk: DiskCache) { self.disk = disk }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample { sample }
}
