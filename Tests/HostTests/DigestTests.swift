import Testing

@testable import Host

/// The expected digests were computed by the same formula in Python: what lies in caches must stay valid.
struct DigestTests {
  @Test("digests are what they were, 32 digits long")
  func constants() {
    var digest = Digest()
    #expect(digest.text == "9e3779b97f4a7c15c2b2ae3d27d4eb4f")
    digest.add("abc")
    #expect(digest.text == "c7d4f216854808a1db35dbc450427a59")
    var bytes = Digest()
    (0..<10).map { UInt8($0) }.withUnsafeBytes { bytes.add($0) }
    #expect(bytes.text == "a6aade12e3d52216c2fbb50be8a95ce5")
  }

  @Test("one that begins with zeros keeps its length, so that two never read alike")
  func padded() {
    for i in 0..<2000 {
      var digest = Digest()
      digest.add(UInt64(i))
      #expect(digest.text.utf8.count == 32)
    }
  }

  @Test("texts are told apart by where they end, and no stamp from one of zeros")
  func boundaries() {
    func digest(_ texts: String...) -> Digest {
      var digest = Digest()
      for text in texts { digest.add(text) }
      return digest
    }
    #expect(digest("ab", "c") != digest("a", "bc"))
    var (none, zero) = (Digest(), Digest())
    none.add(nil as FileStamp?)
    zero.add(FileStamp(size: 0, modified: 0, number: 0))
    #expect(none != zero)
  }
}
