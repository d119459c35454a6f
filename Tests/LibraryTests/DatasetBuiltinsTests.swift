import Datasets
import Host
import Language
import Testing

@testable import Library

/// Data sets and transforms as a script sees them.
struct DatasetBuiltinsTests {
  @Test func transformsWaitForTheirInput() throws {
    let made = "let f = lowres(4)\nlet d = shapes(3, size: 8)\n"
    #expect(try shown(made + "f(d)") == "dataset: 3 records, 3 classes, [1, 8, 8], lowres(4)")
    #expect(try shown(made + "f(d[0]).image.shape") == "[1, 8, 8]")
    #expect(try shown(made + "f(d.images).shape") == "[3, 1, 8, 8]")
    #expect(try shown(made + "all(f(d)[1].image == f(d[1].image))") == "true")
  }

  @Test func indexingGivesRecordsAndParts() throws {
    let made = "let d = shapes(10, size: 8)\n"
    #expect(try shown(made + "d[-1].id") == "\"9\"")
    #expect(try shown(made + "len(d[2..5])") == "3")
    #expect(try shown(made + "d[[3, 1]].ids") == "[\"3\", \"1\"]")
    #expect(try shown(made + "len(d[d.labels == 0]) + len(filter(d, r -> r.label > 0))") == "10")
    #expect(failure(made + "d[10]") == "index: 10 is outside a dataset of 10 records")
    #expect(
      failure(made + "d[1.5]") == "index: an index of a dataset must be a whole number, got 1.5")
  }

  @Test func aDataSetWithSplitsIsRefused() throws {
    let made = "let d = shapes(4, test: 2)\n"
    for use in ["len(d)", "d[0]", "batches(d, 2)", "pairs(d, d)", "subset(d, 1)", "d.images"] {
      #expect(failure(made + use).contains("has splits (train 4, test 2); choose one"), "\(use)")
    }
    #expect(try shown(made + "d.splits") == "[\"train\", \"test\"]")
    #expect(failure(made + "d.val") == "val: the data set has the splits train, test")
  }

  @Test func aLoopGoesOnWhereAnotherStopped() throws {
    let walk = """
      let d = shapes(10, size: 8) |> random_flip()
      fn rest(start) {
        let seen = []
        for x, y in batches(d, 3, shuffle: true, epoch: 2, start: start) { seen.append([x, y]) }
        seen
      }
      let b = batches(d, 3, shuffle: true, epoch: 2)
      for x, y in b { if b.position == 2 { break } }
      """
    #expect(try shown(walk + "\nrest(b.position) == rest(0)[2..]") == "true")
    #expect(try shown(walk + "\nlen(rest(0))") == "4")
  }

  @Test func theSeedDecides() throws {
    let draw = "fn first(s) { seed(s); shuffle(shapes(20, size: 8)).labels }\n"
    #expect(try shown(draw + "all(first(1) == first(1))") == "true")
    #expect(try shown(draw + "all(first(1) == first(2))") == "false")
  }

  @Test func imagesOfOneCanBePairedByName() throws {
    let made = "let x = ones(4, 1, 2, 2)\nlet y = [0, 1, 0, 1]\n"
    #expect(
      try shown(
        made + "len(pairs(from_tensors(x, y, id: \"mine\"), from_tensors(x * 0, y, id: \"mine\")))")
        == "4")
    #expect(
      failure(made + "pairs(from_tensors(x, y), from_tensors(x * 0, y))").contains(
        "different records"))
  }

  @Test func wrongArgumentsAreNamed() {
    #expect(
      failure("lowres(shapes(3), 0)")
        == "lowres: size must be a whole number or [height, width] of pixels from 1 to 65536, got 0"
    )
    #expect(failure("normalize(ones(1, 2, 2), 0.5, 0)").contains("each above 0"))
    #expect(failure("map_images(ones(2, 1, 2, 2), x -> 3)").contains("must return a tensor"))
    #expect(failure("crop_to_box(ones(1, 4, 4))").hasPrefix("crop_to_box: the image has no box"))
    #expect(failure("split(shapes(4))") == "split: give val, test or both")
    #expect(failure("from_tensors(ones(2, 3), [0])").contains("there must be 2 labels, got 1"))
  }

  @Test func tablesOfFilesAreDataSets() throws {
    let made = """
      write(ones(3, 2, 3) * 0.2, "it's a \\"b\\".png")
      write("path,label,x,y,width,height,split\\n\\"it's a \\"\\"b\\"\\".png\\",cat,1,0,2,1,train", "list.txt")

      """
    #expect(
      try shown(made + "csv_dataset(\"list.txt\")")
        == "dataset: train 1, 1 class, images of various sizes")
    #expect(try shown(made + "csv_dataset(\"list.txt\").train[0].box") == "[1, 0, 2, 1]")
    #expect(try shown(made + "csv_dataset(\"list.txt\").train[0].parts == nil") == "true")
    #expect(
      try shown(
        made + "csv_dataset(\"list.txt\", fast: true, unreadable: \"skip\").train.images.shape")
        == "[1, 3, 2, 3]")
    #expect(
      failure(made + "csv_dataset(\"list.txt\", unreadable: \"maybe\")")
        == "csv_dataset: unreadable must be \"error\" or \"skip\", got \"maybe\"")
  }

  @Test func partsAreAMap() throws {
    let made = """
      write("1 A/a.png", "images.txt")
      write("1 A", "classes.txt")
      write("1 1", "image_class_labels.txt")
      write("1 0 0 3 2", "bounding_boxes.txt")
      write("1 1", "train_test_split.txt")
      write("1 back\\n2 left eye", "parts/parts.txt")
      write("1 1 2.5 1 1\\n1 2 0 0 0", "parts/part_locs.txt")
      write(ones(3, 2, 3), "images/A/a.png")
      let r = cub(".").train[0]

      """
    let session = TestSession()
    try session.host.makeFolder(session.host.workingFolder + "/parts")
    try session.host.makeFolder(session.host.workingFolder + "/images/A")
    #expect(try session.display(made + "r.parts") == "{back: [2.5, 1]}")
    #expect(try session.display(made + "resize(r, [4, 6]).parts") == "{back: [5, 2]}")
    #expect(try session.display(made + "cub(\".\").train.parts") == "[{back: [2.5, 1]}]")
    #expect(try session.display("shapes(2).parts") == "[nil, nil]")
  }

  @Test func whatIsTooLargeNamesTheLimit() {
    #expect(
      failure("batches(shapes(3), 1e18)")
        == "batches: size must be a whole number, 1 or more, within ±9007199254740992 (2^53), got 1e+18"
    )
    #expect(
      failure("train(dense(3), shapes(3), epochs: 1e18)")
        == "train: epochs must be a whole number from 1 to 999999999, got 1e+18")
    #expect(
      failure("shapes(3, test: 1e9)")
        == "shapes: there can be 0 to 16,777,216 shapes in all, got 1000000003")
  }

  @Test func aSplitThatFilesLackSaysWhich() throws {
    let view = try Dataset.shapes(ShapeOptions(), train: 3).view
    let data = Dataset(
      splits: [(name: "train", view: view)],
      absent: ["test": "there is no test split: x.mat is missing"])
    let error = #expect(throws: Failure.self) { try DatasetObject(data).member("test") }
    #expect(error?.message == "test: there is no test split: x.mat is missing")
  }
}
