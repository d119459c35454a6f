import Tensors
import Testing

@testable import Images

struct ImageGeometryTests {
  private func image() throws -> Tensor {
    try Tensor((0..<24).map { UInt8($0) }, shape: [2, 3, 4])
  }

  @Test func aCropKeepsRowsAndColumns() throws {
    let part = try ImageGeometry.crop(image(), rows: 1..<3, columns: 2..<4)
    #expect(part.shape == [2, 2, 2] && part.dtype == .uint8)
    #expect(part.array(UInt8.self) == [6, 7, 10, 11, 18, 19, 22, 23])
  }

  @Test func aFlipMirrorsRowsAndLeavesTheOriginal() throws {
    let original = try image()
    let flipped = try ImageGeometry.flip(original)
    #expect(Array(flipped.array(UInt8.self)[0..<8]) == [3, 2, 1, 0, 7, 6, 5, 4])
    #expect(original.array(UInt8.self) == Array(0..<24))
    #expect(try ImageGeometry.flip(flipped).array(UInt8.self) == Array(0..<24))
  }

  @Test func aBoxTouchesThePixelsItOverlaps() {
    let box = Box(x: 1.5, y: 2, width: 2, height: 3)
    let pixels = box.pixels(imageWidth: 10, imageHeight: 4)
    #expect(pixels?.columns == 1..<4 && pixels?.rows == 2..<4)
    let wider = box.pixels(margin: 0.5, imageWidth: 10, imageHeight: 10)
    #expect(wider?.columns == 0..<5 && wider?.rows == 0..<7)
    #expect(box.pixels(imageWidth: 1, imageHeight: 10) == nil)
    #expect(Box(x: .nan, y: 0, width: 1, height: 1).pixels(imageWidth: 9, imageHeight: 9) == nil)
  }

  @Test func aBoxFollowsItsImage() {
    let box = Box(x: 1, y: 2, width: 3, height: 4)
    #expect(box.scaled(2, 0.5) == Box(x: 2, y: 1, width: 6, height: 2))
    #expect(box.moved(left: 1, top: 1) == Box(x: 0, y: 1, width: 3, height: 4))
    #expect(box.mirrored(imageWidth: 10) == Box(x: 6, y: 2, width: 3, height: 4))
  }
}
