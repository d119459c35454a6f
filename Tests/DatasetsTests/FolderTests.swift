import Host
import Images
import Tensors
import TestSupport
import Testing

@testable import Datasets

struct FolderTests {
  private func png(_ value: UInt8, channels: Int = 1) throws -> [UInt8] {
    try PNG.encode(
      [UInt8](repeating: value, count: 6 * channels), width: 3, height: 2, channels: channels)
  }

  private func message(_ host: MemoryHost) -> String? {
    #expect(throws: Failure.self) { try ImageFolder.dataset("/d", host: host) }?.message
  }

  @Test func aFolderAClass() throws {
    let host = MemoryHost([
      "/d/cat/b.png": try png(1), "/d/cat/a.PNG": try png(2, channels: 3),
      "/d/cat/deep/c.png": try png(3), "/d/dog/x.png": try png(4), "/d/dog/notes.txt": [65],
      "/d/.git/x.png": [1], "/d/readme.md": [65],
    ])
    let view = try ImageFolder.dataset("/d/", host: host).view(for: "test")
    #expect(view.classes == ["cat", "dog"])
    #expect((0..<4).map(view.name) == ["cat/a.PNG", "cat/b.png", "cat/deep/c.png", "dog/x.png"])
    #expect(try view.labels().array(Int32.self) == [0, 0, 0, 1])
    let images = try view.images()
    #expect(images.shape == [4, 3, 2, 3])
    #expect(images.array(Float.self)[18] == 1.0 / 255)
    #expect(view.warnings == ["1 file is neither PNG nor JPEG and left out"])
  }

  @Test func splitFolders() throws {
    let host = MemoryHost([
      "/d/train/cat/a.png": try png(1), "/d/train/dog/a.png": try png(2),
      "/d/test/dog/b.png": try png(3), "/d/valid/cat/c.png": try png(4),
    ])
    let data = try ImageFolder.dataset("/d", host: host)
    #expect(data.splitNames == ["train", "val", "test"])
    #expect(data.classes == ["cat", "dog"])
    #expect(data["test"]?.label(0) == 1)
  }

  @Test func theSameFilesUnderOneIdAreTheSameRecords() throws {
    let host = MemoryHost([
      "/d/cat/a.png": try png(1), "/e/cat/a.png": try png(2), "/f/cat/b.png": try png(2),
    ])
    func view(_ path: String, _ id: String?) throws -> View {
      try ImageFolder.dataset(path, id: id, host: host).view(for: "test")
    }
    _ = try Pairs(view("/d", "pets"), view("/e", "pets"))
    #expect(throws: Failure.self) { try Pairs(view("/d", nil), view("/e", nil)) }
    #expect(throws: Failure.self) { try Pairs(view("/d", "pets"), view("/f", "pets")) }
    // The same records, but not the same pixels: what is kept of one must not serve the other.
    #expect(try view("/d", "pets").images().array(Float.self)[0] == 1.0 / 255)
    #expect(try view("/e", "pets").images().array(Float.self)[0] == 2.0 / 255)
  }

  @Test func emptyFoldersAreErrors() throws {
    #expect(
      message(MemoryHost(["/d/a.png": try png(1)]))
        == "image_folder: /d holds no folders; a folder a class is wanted, each with PNG or JPEG files"
    )
    #expect(
      message(MemoryHost(["/d/cat/a.txt": [65]]))
        == "image_folder: the class folder /d/cat holds no PNG or JPEG files")
    #expect(message(MemoryHost(["/d": [65]])) == "image_folder: /d is a file; a folder is wanted")
    #expect(message(MemoryHost()) == "image_folder: there is no folder /d")
  }

  @Test func aBadFileIsNamedWhenItIsRead() throws {
    let host = MemoryHost(["/d/cat/a.jpg": Array("hello".utf8)])
    let view = try ImageFolder.dataset("/d", host: host).view(for: "test")
    let error = #expect(throws: Failure.self) { try view.images() }
    #expect(error?.message == "image: /d/cat/a.jpg is a text file, not a JPEG (record 0 of /d)")
  }
}
