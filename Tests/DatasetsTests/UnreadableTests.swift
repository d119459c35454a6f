import Host
import Images
import TestSupport
import Testing

@testable import Datasets

struct UnreadableTests {
  /// Five files, of which two can't be read; one class has none.
  private func host() throws -> MemoryHost {
    let good = try PNG.encode(
      [UInt8](repeating: 51, count: 6), width: 3, height: 2, channels: 1)
    return MemoryHost([
      "/d/cat/a.png": good, "/d/cat/b.png": [], "/d/cat/c.png": good,
      "/d/dog/x y.png": Array(good.dropLast(20)), "/d/dog/z.png": good,
    ])
  }

  @Test func theErrorNamesPathAndRecord() throws {
    let view = try ImageFolder.dataset("/d", host: host()).view
    let error = #expect(throws: Failure.self) { try view.images() }
    #expect(error?.message == "image: /d/cat/b.png is empty, not a PNG (record 1 of /d)")
    #expect(error?.hint?.hasPrefix("unreadable: \"skip\"") == true)
  }

  @Test func skippedRecordsAreCountedAndTheRestKeepTheirNumbers() throws {
    let host = try host()
    let options = try FileOptions(host: host, unreadable: .skip)
    let view = try ImageFolder.dataset("/d", options: options, host: host).view
    #expect(view.count == 3)
    #expect(view.entries.map(\.record) == [0, 2, 4])
    #expect(try view.images().shape == [3, 3, 2, 3])
    let text = try Dataset(view).description(pixels: false)
    #expect(text.contains("2 left out as unreadable: record 1, image: /d/cat/b.png is empty"))
    // The same records as those of a view that stops at the bad ones.
    let whole = try ImageFolder.dataset("/d", host: host).view
    _ = try Pairs(view, whole.selecting([0, 2, 4]))
  }

  @Test func describingCountsThem() throws {
    let text = try ImageFolder.dataset("/d", host: host()).description(pixels: true)
    #expect(
      text.split(separator: "\n").map(String.init) == [
        "5 records, 2 classes, images of various sizes", "  cat 3, dog 2",
        "  images: height 2, width 3",
        "  channels: mean [0.2, 0.2, 0.2], std [0.0, 0.0, 0.0]", "  unreadable: 2 of 5",
        "  warning: image: /d/cat/b.png is empty, not a PNG (record 1 of /d); image: /d/dog/x y.png is "
          + "cut short: its IDAT chunk lacks 8 bytes (libpng: the data ends early) (record 3 of /d)",
      ])
  }

  @Test func describingWarnsOfEmptyClassesAndBoxesOutside() throws {
    let host = try CUBTests.host()
    host.files["/b/bounding_boxes.txt"] = Array(
      "1 0 0 3 2\n2 1 0 9 1\n3 0 0 1 1\n4 0 0 1 1\n".utf8)
    host.files["/b/classes.txt"] = Array("1 001.A\n2 002.B\n3 003.C\n".utf8)
    let text = try CUB.dataset("/b", host: host).description(pixels: true)
    #expect(text.contains("  warning: a class has no records: 003.C\n"))
    #expect(
      text.contains(
        "  warning: a box reaches outside the image: images/001.A/b'.png, [1, 0, 9, 1] in 3 x 2 pixels"
      ))
    #expect(text.contains("  boxes: all records\n"))
  }

  @Test func thePixelLimitCanBeRaised() throws {
    let host = try host()
    // A folder of its own: what other tests have read of theirs is kept.
    host.files["/limited/cat/a.png"] = host.files["/d/cat/a.png"]
    host.variables["LIMBECK_PIXEL_LIMIT"] = "5"
    let view = try ImageFolder.dataset("/limited", host: host).view
    let error = #expect(throws: Failure.self) { try view.samples([0]) }
    #expect(
      error?.message
        == "image: /limited/cat/a.png says it is 3 x 2; the limit is 5 pixels (record 0 of /limited)"
    )
    host.variables["LIMBECK_PIXEL_LIMIT"] = "many"
    let wrong = #expect(throws: Failure.self) { try ImageFolder.dataset("/limited", host: host) }
    #expect(
      wrong?.message
        == "LIMBECK_PIXEL_LIMIT must be a whole number of pixels such as 4000000000, it is many")
  }
}
