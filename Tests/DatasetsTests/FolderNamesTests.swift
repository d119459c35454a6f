import Host
import Images
import TestSupport
import Testing

@testable import Datasets

/// What the names of folders and files mean to `image_folder`.
struct FolderNamesTests {
  private let png: [UInt8]

  init() throws { png = try PNG.encode([1, 2], width: 2, height: 1, channels: 1) }

  private func open(_ paths: [String], labels: Bool = true, order: ClassOrder? = nil) throws
    -> Dataset
  {
    let host = MemoryHost(
      Dictionary(uniqueKeysWithValues: paths.map { ("/d/" + $0, $0.hasSuffix("txt") ? [65] : png) })
    )
    return try ImageFolder.dataset("/d", isLabelled: labels, order: order, host: host)
  }

  private func message(_ paths: [String]) -> String? {
    #expect(throws: Failure.self) { try open(paths) }?.message
  }

  @Test func numbersStandInTheirOrder() throws {
    let paths = (0..<12).map { "\($0)/a.png" }
    let data = try open(paths)
    #expect(data.classes == (0..<12).map { String($0) })
    #expect(try data.view.labels().array(Int32.self) == (0..<12).map { Int32($0) })
    #expect(
      data.notes == [
        "the classes of /d are in the order of their numbers: label 2 is class 2; order: \"text\" gives "
          + "torchvision's order, where it is class 10"
      ])
    let text = try open(paths, order: .text)
    #expect(text.classes.prefix(4) == ["0", "1", "10", "11"] && text.notes.isEmpty)
    #expect(try open(paths, order: .number).notes.isEmpty)
    // No difference, so nothing to say; names that are not all numbers stay as text.
    #expect(try open(["01/a.png", "02/a.png", "10/a.png"]).notes.isEmpty)
    #expect(try open(["10/a.png", "9/a.png", "x/a.png"]).classes == ["10", "9", "x"])
    let splits = try open(["train/10/a.png", "train/9/a.png", "test/100/a.png"])
    #expect(splits.classes == ["9", "10", "100"] && splits["test"]?.label(0) == 2)
  }

  @Test(arguments: [
    ("Train", "Test", ["train", "test"]), ("TRAINING", "testing", ["train", "test"]),
    ("training_set", "test_set", ["train", "test"]), ("Train", "Valid", ["train", "val"]),
    ("train", "VALIDATION", ["train", "val"]),
  ])
  func splitsAreKnownByTheirUsualNames(first: String, second: String, splits: [String]) throws {
    let data = try open(["\(first)/cat/a.png", "\(first)/dog/a.png", "\(second)/dog/a.png"])
    #expect(data.splitNames == splits && data.classes == ["cat", "dog"])
  }

  @Test func oneSplitUnderTwoNamesIsRefused() {
    #expect(
      message(["Train/a/x.png", "training/a/x.png"])
        == "image_folder: /d has Train/ and training/, which are the same split")
  }

  @Test func aClassMayBeCalledTrain() throws {
    let data = try open(["train/a.png", "car/a.png"])
    #expect(data.classes == ["car", "train"])
    #expect(
      data.notes == [
        "/d: train is treated as a class, since it holds images directly, as car does"
      ])
  }

  @Test func whatSystemsLeaveBehindIsNothing() throws {
    let data = try open([
      "cat/a.png", "cat/._a.png", "cat/Thumbs.db", "cat/__MACOSX/b.png", "cat/.DS_Store",
      "__MACOSX/cat/._a.png", ".ipynb_checkpoints/a.png", "@eaDir/a.png", "dog/b.png",
    ])
    #expect(data.classes == ["cat", "dog"] && data.notes.isEmpty)
    let view = try data.view
    #expect((0..<view.count).map(view.name) == ["cat/a.png", "dog/b.png"])
  }

  @Test func endingsOfJPEGs() throws {
    let view = try open(["a/1.jpe", "a/2.JFIF", "a/3.JPEG", "a/4.Jpg", "a/5.txt"]).view
    #expect(view.count == 4)
  }

  @Test func imagesAloneHaveNoLabels() throws {
    let data = try open(["a.png", "b.png"])
    #expect(data.summary == "2 records, no labels, images of various sizes")
    #expect(
      data.notes == ["/d holds images and no class folders, so its records have no labels"])
    let view = try data.view
    #expect(try view.images().shape == [2, 3, 1, 2] && !view.isLabelled)
    let error = #expect(throws: Failure.self) { try view.labels() }
    #expect(
      error?.message
        == "labels: the records of /d have no labels, which training, evaluation and batches need")
    let deep = try open(["cat/a.png", "dog/x/b.png"], labels: false)
    #expect(deep.summary == "2 records, no labels, images of various sizes" && deep.notes.isEmpty)
    // A list of test images whose classes nobody tells.
    let splits = try open(["train/cat/a.png", "test/1.png"])
    #expect(splits["test"]?.isLabelled == false && splits["train"]?.label(0) == 0)
    #expect(
      try open(["cat/a.png", "b.png"]).notes
        == ["/d: 1 image next to the class folders is left out"])
  }
}
