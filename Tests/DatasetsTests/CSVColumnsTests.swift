import Host
import Images
import TestSupport
import Testing

@testable import Datasets

/// Tables whose columns have other usual names.
struct CSVColumnsTests {
  private func open(_ table: String, files: [String] = ["a.png", "sub/b.png"]) throws -> View {
    let host = MemoryHost(["/d/l.csv": Array(table.utf8)])
    let png = try PNG.encode([UInt8](repeating: 9, count: 300), width: 20, height: 15, channels: 1)
    for name in files { host.files["/d/" + name] = png }
    return try CSVDataset.dataset("/d/l.csv", host: host).view
  }

  @Test(arguments: [
    "xmin,ymin,xmax,ymax|2,3,12,9", "x_min,y_min,x_max,y_max|2,3,12,9", "X1,Y1,X2,Y2|2,3,12,9",
    "bbox_x1,bbox_y1,bbox_x2,bbox_y2|2,3,12,9", "left,top,right,bottom|2,3,12,9",
    "left,top,width,height|2,3,10,6", "x,y,w,h|2,3,10,6", "bbox x,bbox y,bbox w,bbox h|2,3,10,6",
    "bbox|\"[2, 3, 10, 6]\"", "bbox|\"2 3 10 6\"", "box|\"2,3,10,6\"",
    // The image's size next to a box.
    "width,height,xmin,ymin,xmax,ymax|20,15,2,3,12,9",
  ])
  func boxesByTheirUsualNames(_ form: String) throws {
    let parts = form.split(separator: "|")
    let view = try open("path,label,\(parts[0])\na.png,0,\(parts[1])\n")
    #expect(try view.samples([0])[0].box == Box(x: 2, y: 3, width: 10, height: 6))
  }

  @Test func sizesOfImagesAreNoBox() throws {
    #expect(try open("path,label,width,height\na.png,0,20,15\n").samples([0])[0].box == nil)
  }

  @Test func halfABoxIsAnError() {
    for columns in ["xmin,ymin,xmax", "left,top", "cx,cy,w,h", "bbox_x1,bbox_y1,bbox_x2"] {
      let error = #expect(throws: Failure.self) {
        try open("path,label,\(columns)\na.png,0,1,2,3,4\n")
      }
      #expect(error?.kind == "csv", "\(columns)")
    }
    let shares = #expect(throws: Failure.self) {
      try open("path,label,xmin,ymin,xmax,ymax\na.png,0,0.1,0.2,0.5,0.75\n")
    }
    #expect(
      shares?.message
        == "csv_dataset: /d/l.csv: all boxes lie within 0..1; boxes must be in pixels")
  }

  @Test(arguments: [
    "image_id,class_name", "Filename,Class", "img_path,target", "file name,category", "image,label",
  ])
  func pathsAndLabelsByTheirUsualNames(_ head: String) throws {
    let view = try open("\(head)\na.png,dog\nsub/b.png,cat\n")
    #expect(view.classes == ["cat", "dog"] && view.name(0) == "a.png")
  }

  @Test func aHeadOfOtherNamesIsNotTakenForARecord() {
    let other = #expect(throws: Failure.self) { try open("picture,kind\na.png,dog\n") }
    #expect(other?.hint?.hasPrefix("name the column of files path") == true)
    let none = #expect(throws: Failure.self) { try open("a.png,dog\n") }
    #expect(none?.hint?.hasPrefix("write path,label above it") == true)
  }

  @Test func pathsOfWindowsAreRead() throws {
    let view = try open("path,label\nsub\\b.png,0\n")
    #expect(view.name(0) == "sub/b.png")
    // A file may have a backslash in its name.
    #expect(try open("path,label\na\\b.png,0\n", files: ["a\\b.png"]).name(0) == "a\\b.png")
  }

  @Test func splitsByTheirUsualNames() throws {
    let host = MemoryHost([
      "/d/l.csv": Array("path,label,split\na.png,0,Train\na.png,0,validation\n".utf8)
    ])
    host.files["/d/a.png"] = try PNG.encode([1], width: 1, height: 1, channels: 1)
    #expect(try CSVDataset.dataset("/d/l.csv", host: host).splitNames == ["train", "val"])
  }
}
