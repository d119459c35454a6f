import Host
import Images
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// `fast: true`: JPEGs decoded in fewer pixels where these are enough.
struct FastTests {
  private static let data =
    #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/ImagesTests/Data"

  /// One JPEG, 51 x 45, with a box in its middle.
  private func view(isFast: Bool) throws -> View {
    let bytes = try MemoryHost(readsDisk: true).read(FastTests.data + "/jpeg-444.jpg")
    let host = MemoryHost([
      "/d/a.jpg": bytes,
      "/d/list.csv": Array("path,label,x,y,width,height\na.jpg,0,10,5,34,32\n".utf8),
    ])
    let options = try FileOptions(host: host, isFast: isFast)
    return try CSVDataset.dataset("/d/list.csv", options: options, host: host).view
  }

  private func loaded(_ view: View) throws -> [Int] {
    try Array(view.strand(0).load(0).image.shape.dropFirst())
  }

  @Test func onlyWhatIsReducedIsDecodedInFewerPixels() throws {
    let view = try view(isFast: true)
    func resized(_ view: View, _ side: Int) -> View {
      view.mapped(Transforms.resize(height: side, width: side), seed: 0)
    }
    #expect(try loaded(view) == [45, 51])
    #expect(try loaded(resized(view, 40)) == [45, 51])
    #expect(try loaded(resized(view, 20)) == [23, 26])
    #expect(try loaded(resized(view, 8)) == [12, 13])
    #expect(try loaded(resized(resized(view, 20), 8)) == [23, 26])
    // 32 rows of the box are to give 16 or 17.
    let cropped = view.mapped(Transforms.cropToBox(), seed: 0)
    #expect(try loaded(cropped) == [45, 51])
    #expect(try loaded(resized(cropped, 16)) == [23, 26])
    #expect(try loaded(resized(cropped, 17)) == [45, 51])
    #expect(try loaded(resized(view.mapped(Transforms.grey(), seed: 0), 8)) == [45, 51])
    #expect(try loaded(resized(self.view(isFast: false), 8)) == [45, 51])
  }

  @Test func boxesAreScaledAlong() throws {
    let view = try view(isFast: true).mapped(Transforms.resize(height: 20, width: 20), seed: 0)
    let box = try #require(try view.samples([0])[0].box)
    #expect(abs(box.x - 10 / 2 * 20.0 / 26) < 1e-9)
    #expect(abs(box.height - 32 / 2 * 20.0 / 23) < 1e-9)
  }

  @Test func whatIsKeptOfOneIsNotTakenForTheOther() throws {
    func pixels(_ isFast: Bool) throws -> [Float] {
      try view(isFast: isFast).mapped(Transforms.resize(height: 20, width: 20), seed: 0).images()
        .array(Float.self)
    }
    let (fast, exact) = (try pixels(true), try pixels(false))
    #expect(fast != exact)
    let error = zip(fast, exact).map { abs($0 - $1) }.reduce(0, +) / Float(fast.count)
    #expect(error < 0.02)
    // Nor what was kept of the whole image for the beginning of a chain that needs less.
    let cropped = try view(isFast: true).mapped(Transforms.cropToBox(), seed: 0)
    let small = cropped.mapped(Transforms.resize(height: 16, width: 16), seed: 0)
    let first = try small.images().array(Float.self)
    RenderCache.shared.removeAll()
    _ = try cropped.images()
    #expect(try small.images().array(Float.self) == first)
  }

  @Test func fastIsSaidWhereAViewIs() throws {
    let view = try view(isFast: true).mapped(Transforms.resize(height: 8, width: 8), seed: 0)
    #expect(view.summary == "1 record, 1 class, [3, 8, 8], fast: true, resize(8)")
    #expect(
      Dataset(splits: [(name: "train", view: view)]).summary.contains("fast: true, resize(8)"))
    let temporary = TemporaryFolder()
    let disk = DiskCache(temporary.path, host: SystemHost())
    _ = try view.cached(on: disk).samples([0])
    DiskCache.flushAll()
    #expect(try disk.entries().map(\.title) == ["/d/list.csv(fast: true) |> resize(8)"])
  }
}
