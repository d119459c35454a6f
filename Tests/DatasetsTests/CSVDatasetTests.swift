import Formats
import Host
import Images
import TestSupport
import Testing

@testable import Datasets

struct CSVDatasetTests {
  private func host(_ table: String) throws -> MemoryHost {
    let host = MemoryHost(["/d/list.csv": Array(table.utf8)])
    for (i, name) in ["a.png", "b, c.png", "ü \"x\".png"].enumerated() {
      host.files["/d/" + name] = try PNG.encode(
        [UInt8](repeating: UInt8(i + 1), count: 6), width: 3, height: 2, channels: 1)
    }
    return host
  }

  private func message(_ table: String) throws -> String? {
    #expect(throws: Failure.self) { try CSVDataset.dataset("/d/list.csv", host: host(table)) }?
      .message
  }

  @Test func pathsAndLabelsAreRead() throws {
    let table = "label,path\r\ndog,a.png\r\ncat,\"b, c.png\"\r\ndog,\"ü \"\"x\"\".png\"\r\n"
    let view = try CSVDataset.dataset("/d/list.csv", host: host(table)).view
    #expect(view.classes == ["cat", "dog"])
    #expect((0..<3).map(view.label) == [1, 0, 1])
    #expect((0..<3).map(view.name) == ["a.png", "b, c.png", "ü \"x\".png"])
    #expect(try view.images().array(Float.self)[18] == 2.0 / 255)
    #expect(try view.samples([0])[0].box == nil)
  }

  @Test func boxesAndSplitsAreRead() throws {
    let sized = "path,label,x,y,width,height,split\na.png,2,1,0,2,1,train\na.png,0,,,,,test\n"
    let data = try CSVDataset.dataset("/d/list.csv", host: host(sized))
    #expect(data.summary == "train 1, test 1, 3 classes, images of various sizes")
    #expect(try data["train"]?.samples([0])[0].box == Box(x: 1, y: 0, width: 2, height: 1))
    #expect(try data["test"]?.samples([0])[0].box == nil)
    let cornered = "file,class,x1,y1,x2,y2\na.png,0,1,0,3,2\n"
    let view = try CSVDataset.dataset("/d/list.csv", host: host(cornered)).view
    #expect(try view.samples([0])[0].box == Box(x: 1, y: 0, width: 2, height: 2))
  }

  @Test func pathsMayBeginElsewhere() throws {
    let made = try host("path,label\na.png,0\n")
    made.files["/other/list.csv"] = made.files["/d/list.csv"]
    let data = try CSVDataset.dataset("/other/list.csv", root: "/d/", host: made)
    #expect(try data.view.images().count == 18)
    made.files["/other/list.csv"] = Array("path,label\n/d/a.png,0\n".utf8)
    let absolute = try CSVDataset.dataset("/other/list.csv", host: made)
    #expect(try absolute.view.images().count == 18)
  }

  @Test func badTablesAreNamed() throws {
    let begin = "csv_dataset: /d/list.csv"
    #expect(try message("") == begin + " is empty")
    #expect(try message("path,label\n") == begin + " has no rows below the columns' names")
    #expect(
      try message("a,label\nx,1\n")
        == begin + " has no column path; its first line names a, label")
    #expect(try message("path,label\na.png\n") == begin + ":2: 1 cells, and 2 columns")
    #expect(try message("path,label\na.png,\n") == begin + ":2: the label is empty")
    #expect(try message("path,label\n,1\n") == begin + ":2: the path is empty")
    #expect(
      try message("path,label\na.png,-1\n")
        == begin + ":2: labels must be whole numbers from 0, got -1")
    #expect(
      try message("path,label,x,y\na.png,1,2,3\n")
        == begin + " has the columns x, y; a box is x, y, width, height or x1, y1, x2, y2")
    #expect(
      try message("path,label,x,y,width,height\na.png,1,0,0,0,3\n")
        == begin + ":2: the box [0, 0, 0, 3] has no area")
    #expect(
      try message("path,label,x,y,width,height\na.png,1,0,0,wide,3\n")
        == begin + ":2: width must be a number, got \"wide\"")
    #expect(
      try message("path,label,split\na.png,1,dev\n")
        == begin + ":2: the split must be train, val or test, got \"dev\"")
    #expect(
      try message("path,label\n\"a.png,1\n") == begin + ":2: the quote that begins here has no end")
    #expect(
      try message("path,label\na.png,1\nb.png,1\n")
        == "csv_dataset: 1 of 2 images are missing from /d; the first is b.png")
    #expect(try message("path,path\n1,2\n") == begin + ": two columns have one name")
  }

  @Test func damagedTablesAreErrorsOrDataSets() throws {
    let table = "path,label,x,y,width,height,split\n\"a.png\",2,1,0,2,1,train\nü.png,0,,,,,test\n"
    try Fuzz.run("csv", [Array(table.utf8)], rounds: 3000) { bytes in
      let host = MemoryHost(["/d/l.csv": bytes])
      let data = try CSVDataset.dataset(
        "/d/l.csv", options: FileOptions(host: host, unreadable: .skip), host: host)
      _ = try data.splits.map { try $0.view.description(pixels: false) }
    }
  }

  @Test func spacesAroundCellsDoNotCount() throws {
    let table =
      "path, label, x, y, width, height, split\n a.png, 10, 1, 0 , 2, 1, train\na.png ,\t2,,,,, train\n"
    let data = try CSVDataset.dataset("/d/list.csv", host: host(table))
    let view = try #require(data["train"])
    #expect(view.classes.count == 11)
    #expect((0..<2).map(view.label) == [10, 2] && view.name(0) == "a.png")
    #expect(try view.samples([0])[0].box == Box(x: 1, y: 0, width: 2, height: 1))
    #expect(try view.samples([1])[0].box == nil)
  }

  @Test func digitsAfterAZeroAreNames() throws {
    let table = "path,label,split\na.png,010,train\na.png,002,train\na.png,10,train\n"
    let view = try #require(
      try CSVDataset.dataset("/d/list.csv", host: host(table))["train"])
    #expect(view.classes == ["002", "010", "10"])
    #expect((0..<3).map(view.label) == [1, 0, 2])
  }

  @Test func labelsAreWholeNumbersOrNames() throws {
    let begin = "csv_dataset: /d/list.csv"
    #expect(
      try message("path,label\na.png,1\na.png,cat\n")
        == begin
        + ":3: the label is \"cat\", but in line 2 it is \"1\"; labels must be all numbers or all names"
    )
    #expect(
      try message("path,label\na.png,cat\na.png,1.5\n")
        == begin
        + ":3: the label is \"1.5\", but in line 2 it is \"cat\"; labels must be all numbers or all names"
    )
    #expect(
      try message("path,label\na.png,1\na.png,1.0\n")
        == begin + ":3: labels must be whole numbers from 0, got 1.0")
    // Words that a parser of numbers would take.
    let names = try CSVDataset.dataset(
      "/d/list.csv", host: host("path,label\na.png,nan\na.png,inf\na.png,e\n"))
    #expect(names.classes == ["e", "inf", "nan"])
  }

  @Test func tablesOfAnotherFormAreNamed() throws {
    let begin = "csv_dataset: /d/list.csv"
    #expect(
      try message("path,label\ra.png,1\r") == begin
        + ": lines must end in LF or CR LF, not in CR alone")
    #expect(
      try message("a.png,1\nb.png,0\n")
        == begin + ": the first line must name the columns, at least path and label; got a.png,1")
    for (mark, name) in [(";", "semicolons"), ("\t", "tabs")] {
      #expect(
        try message("path\(mark)label\na.png\(mark)1\n")
          == begin + ": cells must be separated by commas, not by \(name)")
    }
  }

  @Test func wrongBoxesCanBeSkipped() throws {
    let host = try host(
      "path,label,x,y,width,height\na.png,1,0,0,0,3\na.png,0,0,0,2,1\na.png,1,0,wide,1,1\n")
    let options = try FileOptions(host: host, unreadable: .skip)
    let view = try CSVDataset.dataset("/d/list.csv", options: options, host: host).view
    #expect(view.entries.map(\.record) == [1])
    let text = try Dataset(view).description(pixels: false)
    #expect(
      text.contains("2 left out as unreadable: record 0, csv_dataset: /d/list.csv:2: the box"))
    #expect(text.contains("record 2, csv_dataset: /d/list.csv:4: y must be a number, got \"wide\""))
  }
}
