import Host
import Images
import Tensors
import TestSupport
import Testing

@testable import Datasets

struct CUBTests {
  /// Four images, 3 x 2, of two classes.
  static func host() throws -> MemoryHost {
    let host = MemoryHost([
      "/b/images.txt": text("1 001.A/a b.png\n2 001.A/b'.png\n3 002.B/ü.png\n4 002.B/d.png\n"),
      "/b/classes.txt": text("1 001.A\n2 002.B\n"),
      "/b/image_class_labels.txt": text("1 1\n2 1\n3 2\n4 2\n"),
      "/b/bounding_boxes.txt": text(
        "1 0.0 0.0 3.0 2.0\n2 1.0 0.0 2.0 1.0\r\n3 0.5 0.5 1.5 1.0\n4 0 0 1 1\n"),
      "/b/train_test_split.txt": text("1 0\n2 1\n3 1\n4 0\n"),
      "/b/parts/parts.txt": text("1 back\n2 left eye\n"),
      "/b/parts/part_locs.txt": text("1 1 2.0 1.0 1\n1 2 0.0 0.0 0\n2 2 1.5 0.5 1\n"),
    ])
    for (i, name) in ["001.A/a b.png", "001.A/b'.png", "002.B/ü.png", "002.B/d.png"].enumerated() {
      host.files["/b/images/" + name] = try PNG.encode(
        [UInt8](repeating: UInt8(i + 1), count: 6), width: 3, height: 2, channels: 1)
    }
    return host
  }

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// The error after a file was changed, or taken away.
  private func message(_ name: String, _ content: String?) throws -> String? {
    let host = try CUBTests.host()
    host.files["/b/" + name] = content.map(CUBTests.text)
    return #expect(throws: Failure.self) { try CUB.dataset("/b", host: host) }?.message
  }

  @Test func theLayoutIsRead() throws {
    let data = try CUB.dataset("/b/", host: CUBTests.host())
    #expect(data.summary == "train 2, test 2, 2 classes, images of various sizes")
    #expect(data.classes == ["001.A", "002.B"])
    let (train, test) = (try #require(data["train"]), try #require(data["test"]))
    #expect((0..<2).map(train.name) == ["images/001.A/b'.png", "images/002.B/ü.png"])
    #expect((0..<2).map(test.label) == [0, 1])
    #expect(try train.samples([1])[0].box == Box(x: 0.5, y: 0.5, width: 1.5, height: 1))
    #expect(try train.images().array(Float.self)[0] == 2.0 / 255)
    #expect(try test.samples([0])[0].parts == [Part(name: "back", x: 2, y: 1)])
    #expect(try train.samples([0])[0].parts == [Part(name: "left eye", x: 1.5, y: 0.5)])
  }

  @Test func attributesBelongToTheRecords() throws {
    let plain = try CUB.dataset("/b", host: CUBTests.host())
    #expect(try plain["train"]?.attributes() == nil)
    let host = try CUBTests.host()
    let path = "/b/attributes/image_attribute_labels.txt"
    // As in the published file, a line has a certainty and a time behind, a few have more.
    host.files[path] = CUBTests.text(
      "1 1 1 3 2.5\n1 2 0 4 1.0\r\n2 1 0 1 1\n2 2 1 1 0 0\n3 1 1 3 7.1\n3 2 1 3 7.1\n4 1 0 1 1\n4 2 0 1 1"
    )
    let data = try CUB.dataset("/b", host: host)
    let (train, test) = (try #require(data["train"]), try #require(data["test"]))
    #expect(try train.attributes()?.shape == [2, 2])
    #expect(try train.attributes()?.array(Float.self) == [0, 1, 1, 1])
    #expect(try test.attributes()?.array(Float.self) == [1, 0, 0, 0])
    let some = try View.mixed([test.mapped(Transforms.grey()).selecting([1, 0]), train])
    #expect(try some.attributes()?.array(Float.self) == [0, 0, 1, 0, 0, 1, 1, 1])
    let chosen = train.choosing(Array(train.classes.indices))
    #expect(try chosen.attributes()?.array(Float.self) == [0, 1, 1, 1])
    let shapes = View(try ShapesSource(ShapeOptions(), count: 2))
    #expect(try shapes.attributes() == nil)

    func message(_ content: String) throws -> String? {
      host.files[path] = CUBTests.text(content)
      let train = try #require(try CUB.dataset("/b", host: host)["train"])
      return #expect(throws: Failure.self) { try train.attributes() }?.message
    }
    #expect(
      try message("1 1 1 3 2.5\n9 1 1 3 2.5\n")
        == "cub: \(path), line 2: image 9 is not in images.txt")
    for line in ["1 1", "1 0 1", "1 1 2", "1 x 1", "1 99999999999 1", "-1 1 1"] {
      #expect(
        try message(line)
          == "cub: \(path), line 1: a line must be \"image attribute 1 or 0 ...\"", "\(line)")
    }
    #expect(
      try message("1 1 1\n2 1 0\n")
        == "cub: \(path) has 2 lines, but there are 4 images with 1 attributes each")
  }

  @Test func partsMoveAlongWithPixels() throws {
    let train = try #require(try CUB.dataset("/b", host: CUBTests.host())["train"])
    let changed = train.mapped(Transforms.cropToBox(), seed: 0)
      .mapped(Transforms.resize(height: 4, width: 4), seed: 0)
      .mapped(Transforms.randomFlip(probability: 1), seed: 0)
    // The box begins at (1, 0) and is 2 x 1; then twice as wide, four times as high, mirrored.
    #expect(
      try changed.samples([0])[0].parts == [Part(name: "left eye", x: 4 - 0.5 * 2, y: 0.5 * 4)])
  }

  @Test func partsMayBeMissing() throws {
    let host = try CUBTests.host()
    host.files = host.files.filter { !$0.key.contains("/parts/") }
    #expect(try CUB.dataset("/b", host: host)["test"]?.samples([0])[0].parts == [])
    #expect(
      try message("parts/parts.txt", nil) == "cub: the file \"/b/parts/parts.txt\" does not exist")
  }

  @Test func whatIsMissingIsNamed() throws {
    for name in ["images.txt", "classes.txt", "bounding_boxes.txt", "train_test_split.txt"] {
      #expect(try message(name, nil)?.hasPrefix("cub: /b has no \(name); ") == true)
    }
    let error = #expect(throws: Failure.self) {
      try CUB.dataset("/b", host: MemoryHost(["/b/CUB_200_2011/images.txt": []]))
    }
    #expect(error?.message.hasPrefix("cub: /b has no images.txt, no classes.txt") == true)
    #expect(error?.hint == "the data set is in /b/CUB_200_2011")
    #expect(
      try message("images/002.B/d.png", nil)
        == "cub: 1 of 4 images are missing from /b; the first is images/002.B/d.png")
  }

  @Test func listsThatDisagreeAreNamed() throws {
    #expect(
      try message("image_class_labels.txt", "1 1\n2 1\n3 2\n")
        == "cub: image_class_labels.txt and images.txt disagree: /b/image_class_labels.txt has 3 "
        + "images, images.txt 4")
    #expect(
      try message("bounding_boxes.txt", "1 0 0 3 2\n3 0 0 1 1\n2 0 0 1 1\n4 0 0 1 1\n")
        == "cub: bounding_boxes.txt and images.txt disagree: line 2 of bounding_boxes.txt is about "
        + "image 3, line 2 of images.txt about image 2")
    #expect(
      try message("train_test_split.txt", "1 0\n2 1\n2 1\n4 0\n")
        == "cub: /b/train_test_split.txt, line 3: 2 has already appeared, in line 2")
  }

  @Test func labelsThatContradictTheFoldersAreNamed() throws {
    #expect(
      try message("image_class_labels.txt", "1 1\n2 2\n3 1\n4 2\n")
        == "cub: /b/image_class_labels.txt, line 2, puts image 2 in class 2, 002.B, but images.txt, line "
        + "2, has it in the folder 001.A")
    #expect(
      try message("classes.txt", "1 002.B\n2 001.A\n")
        == "cub: /b/image_class_labels.txt, line 1, puts image 1 in class 1, 002.B, but images.txt, line "
        + "1, has it in the folder 001.A")
    #expect(
      try message("classes.txt", "1 001.A\n2 003.B\n")
        == "cub: /b/images.txt, line 3: image 3 is in the folder 002.B, but /b/classes.txt has no class "
        + "of that name")
  }

  @Test func wrongLinesAreNamed() throws {
    #expect(
      try message("image_class_labels.txt", "1 1\n2 3\n3 2\n4 2\n")
        == "cub: /b/image_class_labels.txt, line 2: the class 3 does not exist; classes.txt has 2")
    #expect(
      try message("bounding_boxes.txt", "1 0 0 3 2\n2 1 1 0 1\n3 0 0 1 1\n4 0 0 1 1\n")
        == "cub: /b/bounding_boxes.txt, line 2: the box [1, 1, 0, 1] has no area")
    #expect(
      try message("bounding_boxes.txt", "1 0 0 3 2\n2 1 1 nan 1\n3 0 0 1 1\n4 0 0 1 1\n")
        == "cub: /b/bounding_boxes.txt, line 2: \"nan\" is not a number")
    #expect(
      try message("bounding_boxes.txt", "1 0 0 3\n")
        == "cub: /b/bounding_boxes.txt, line 1: a line must be \"image x y width height\", got \"1 0 0 3\""
    )
    #expect(
      try message("train_test_split.txt", "1 0\n2 2\n3 1\n4 0\n")
        == "cub: /b/train_test_split.txt, line 2: the flag must be 1 (train) or 0 (test), got 2")
    #expect(try message("images.txt", "") == "cub: /b/images.txt is empty")
    #expect(
      try message("parts/part_locs.txt", "9 1 0 0 1\n")
        == "cub: /b/parts/part_locs.txt, line 1: images.txt does not have the image 9")
    #expect(
      try message("parts/part_locs.txt", "1 7 0 0 1\n")
        == "cub: /b/parts/part_locs.txt, line 1: parts.txt does not have the part 7")
  }

  @Test func aBoxOutsideTheImageIsNamedWhenItIsRead() throws {
    let host = try CUBTests.host()
    host.files["/b/bounding_boxes.txt"] = Array(
      "1 0 0 3 2\n2 3 0 2 1\n3 0 0 1 1\n4 0 0 1 1\n".utf8)
    let train = try #require(try CUB.dataset("/b", host: host)["train"])
    let error = #expect(throws: Failure.self) { try train.samples([0]) }
    #expect(
      error?.message
        == "image: the box [3, 0, 2, 1] of /b/images/001.A/b'.png is outside the image, which is 3 x 2 "
        + "(record 1 of cub)")
  }

  @Test func damagedListsAreErrorsOrDataSets() throws {
    let host = try CUBTests.host()
    for (path, bytes) in host.files where path.hasSuffix(".txt") {
      try Fuzz.run(path, [bytes], rounds: 300) { mutant in
        host.files[path] = mutant
        _ = try CUB.dataset("/b", host: host)
      }
      host.files[path] = bytes
    }
  }

  private static let birds =
    #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/shared/data/birds"

  @Test(
    .enabled(
      if: SystemHost().kind(of: birds + "/images.txt") == .file, "there is no ../shared/data/birds")
  )
  func realBirdsAreRead() throws {
    let data = try CUB.dataset(CUBTests.birds, host: SystemHost())
    #expect(data.summary == "train 2,400, test 2,325, 80 classes, images of various sizes")
    let train = try #require(data["train"])
    #expect(train.classCounts.allSatisfy { $0 == 30 })
    let survey = try Survey(train.selecting(stride(from: 0, to: 2400, by: 40)))
    #expect(survey.unreadable.isEmpty && survey.boxesOutside.isEmpty)
    #expect(survey.heights == 227...227 && survey.widths == 227...227 && survey.boxCount == 60)
    #expect(survey.means.count == 3 && survey.means.allSatisfy { (0.3...0.6).contains($0) })
  }

  @Test func wrongLinesCanBeSkipped() throws {
    let host = try CUBTests.host()
    host.files["/b/bounding_boxes.txt"] = CUBTests.text(
      "1 0 0 3 2\n2 1 1 0 1\n3 0 x 1 1\n4 0 0 1 1\n")
    host.files["/b/image_class_labels.txt"] = CUBTests.text("1 one\n2 1\n3 2\n4 2\n")
    host.files["/b/parts/part_locs.txt"] = CUBTests.text("4 1 2.0 1.0 1\n")
    let options = try FileOptions(host: host, unreadable: .skip)
    let data = try CUB.dataset("/b", options: options, host: host)
    #expect(data.splits.map(\.view.count) == [0, 1])
    #expect(data["test"]?.name(0) == "images/002.B/d.png")
    #expect(
      try data.description(pixels: false).contains(
        "3 left out as unreadable: record 1, cub: /b/bounding_boxes.txt, line 2: the box [1, 1, 0, 1]"
      ))
    #expect(throws: Failure.self) { try CUB.dataset("/b", host: host) }
  }

  @Test func partsWithoutOneOfTheirFilesAreAnErrorWithAHint() throws {
    let host = try CUBTests.host()
    host.files["/b/parts/part_locs.txt"] = nil
    let error = #expect(throws: Failure.self) { try CUB.dataset("/b", host: host) }
    #expect(error?.message == "cub: the file \"/b/parts/part_locs.txt\" does not exist")
    #expect(
      error?.hint == "unpack CUB_200_2011.tgz again, or remove /b/parts to open it without parts")
  }
}
