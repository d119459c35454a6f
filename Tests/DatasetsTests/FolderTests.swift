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
    let view = try ImageFolder.dataset("/d/", host: host).view
    #expect(view.classes == ["cat", "dog"])
    #expect((0..<4).map(view.name) == ["cat/a.PNG", "cat/b.png", "cat/deep/c.png", "dog/x.png"])
    #expect(try view.labels().array(Int32.self) == [0, 0, 0, 1])
    let images = try view.images()
    #expect(images.shape == [4, 3, 2, 3])
    #expect(images.array(Float.self)[18] == 1.0 / 255)
    #expect(view.warnings == ["/d: 1 file that is not an image is left out: 1 .txt"])
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
      try ImageFolder.dataset(path, id: id, host: host).view
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
      message(MemoryHost(["/d/a.txt": [65]]))
        == "image_folder: /d must contain a folder of images for each class, but contains neither folders nor images"
    )
    #expect(
      message(MemoryHost(["/d/cat/a.txt": [65]]))
        == "image_folder: the class folder /d/cat holds no images; 1 file that is not an image is left out: 1 .txt"
    )
    #expect(message(MemoryHost(["/d": [65]])) == "image_folder: /d is a file, not a folder")
    #expect(message(MemoryHost()) == "image_folder: the folder \"/d\" does not exist")
  }

  @Test func aBadFileIsNamedWhenItIsRead() throws {
    let host = MemoryHost(["/d/cat/a.jpg": Array("hello".utf8)])
    let view = try ImageFolder.dataset("/d", host: host).view
    let error = #expect(throws: Failure.self) { try view.images() }
    #expect(error?.message == "image: /d/cat/a.jpg is a text file, not a JPEG (record 0 of /d)")
  }

  @Test func aFileThatChangesIsAnotherRecord() throws {
    let host = MemoryHost(["/changing/cat/a.png": try png(1), "/changing/cat/b.png": try png(2)])
    func open() throws -> View {
      try ImageFolder.dataset("/changing", host: host).view
        .mapped(Transforms.grey())
    }
    try freshly {
      let first = try open()
      #expect(try first.images().array(Float.self)[0] == 1.0 / 255)
      host.files["/changing/cat/a.png"] = try png(9)
      let second = try open()
      #expect(try second.images().array(Float.self)[0] == 9.0 / 255)
      // What is kept under the view's key, such as a model's outputs, is another's, too.
      #expect(second.viewKey != first.viewKey)
      _ = try Pairs(first, second)
      #expect(try open().viewKey == second.viewKey)
    }
  }

  @Test func aFileThatChangesWhileTheDataSetIsOpenIsAnError() throws {
    let host = MemoryHost(["/open/cat/a.png": try png(1), "/open/cat/b.png": try png(2)])
    try freshly {
      let view = try ImageFolder.dataset("/open", host: host).view
      _ = try view.samples([0])
      for name in ["a", "b"] { host.files["/open/cat/\(name).png"] = try png(9) }
      // Kept from before.
      #expect(try view.samples([0])[0].image.array(UInt8.self)[0] == 1)
      let error = #expect(throws: Failure.self) { try view.samples([1]) }
      #expect(
        error?.message
          == "image: /open/cat/b.png has changed since the data set was opened (record 1 of /open)")
      #expect(error?.hint == "open the data set again")
    }
  }

  @Test("a copy of the files has the same digest, a changed one another")
  func copiesHaveOneDigest() throws {
    let temporary = TemporaryFolder()
    let files = SystemHost()
    func open(_ name: String, pixel: UInt8, background: UInt8) throws -> String {
      let folder = "\(temporary.path)/\(name)"
      try files.makeFolder(folder + "/data/cat")
      try files.makeFolder(folder + "/scenes/sea")
      try files.write(png(pixel, channels: 3), to: folder + "/data/cat/a.png")
      try files.write(png(background, channels: 3), to: folder + "/scenes/sea/b.png")
      let scenes = try ImageFolder.photographs(folder + "/scenes", host: files)
      let view = try ImageFolder.dataset(folder + "/data", host: files).view
        .mapped(Transforms.clutter(backgrounds: scenes, height: 4, width: 4), seed: 1)
      var digest = Digest()
      try view.addContent(to: &digest)
      return digest.text
    }
    let first = try open("first", pixel: 1, background: 2)
    #expect(try open("copy", pixel: 1, background: 2) == first)
    #expect(try open("changed", pixel: 9, background: 2) != first)
    #expect(try open("elsewhere", pixel: 1, background: 9) != first)
  }

  @Test("a copy of the files draws the same random numbers, and next to the files others")
  func copiesDrawAlike() throws {
    let temporary = TemporaryFolder()
    let files = SystemHost()
    func open(_ name: String) throws -> View {
      let folder = "\(temporary.path)/\(name)"
      try files.makeFolder(folder + "/cat")
      for i in 0..<8 { try files.write(png(UInt8(i), channels: 3), to: "\(folder)/cat/\(i).png") }
      return try ImageFolder.dataset(folder, host: files).view
    }
    let views = try [open("original"), open("copy")]
    let noisy = try views.map {
      try $0.mapped(Transforms.noise(amount: 0.5), seed: 1).samples([0])[0].image.array(Float.self)
    }
    #expect(noisy[0] == noisy[1])
    let shuffled = try views.map { try $0.shuffled(seed: 1) }
    #expect(shuffled[0].entries == shuffled[1].entries)
    #expect(throws: Failure.self) { try Pairs(views[0], views[1]) }
    func digest(_ view: View) throws -> Digest {
      var digest = Digest()
      try view.addContent(to: &digest)
      return digest
    }
    #expect(try digest(shuffled[0]) == digest(shuffled[1]))
    let mixed = try View.mixed(views)
    let order = try mixed.shuffled(seed: 1).entries
    func records(_ strand: Int32) -> [Int32] {
      order.filter { $0.strand == strand }.map(\.record)
    }
    #expect(records(0) != records(1))
    #expect(try digest(mixed) != digest(View.mixed([views[0], views[0]])))
  }

  @Test func theDiskCacheLooksAtContentAlone() throws {
    let temporary = TemporaryFolder()
    let files = SystemHost()
    let path = temporary.path + "/data/cat"
    try files.makeFolder(path)
    try files.write(png(1), to: path + "/a.png")
    func open() throws -> (key: String?, pixel: UInt8) {
      try freshly {
        let disk = DiskCache(temporary.path + "/cache", host: files)
        let view = try ImageFolder.dataset(temporary.path + "/data", host: files).view
          .cached(on: disk)
        let pixel = try view.samples([0])[0].image.array(UInt8.self)[0]
        DiskCache.flushAll()
        return (view.viewKey, pixel)
      }
    }
    func kept() throws -> [Int] {
      try DiskCache(temporary.path + "/cache", host: files).entries().map(\.records)
    }
    let first = try open()
    #expect(try first.pixel == 1 && kept() == [1])
    // The same bytes written again: another file to memory, not to the disk.
    try files.write(png(1), to: path + "/a.png")
    let again = try open()
    #expect(again.key != first.key)
    #expect(try kept() == [1])
    try files.write(png(7), to: path + "/a.png")
    #expect(try open().pixel == 7)
    #expect(try kept() == [2])
  }

  @Test func classesBesideSplitsAreRefused() throws {
    let host = MemoryHost([
      "/d/train/cat/a.png": try png(1), "/d/dog/a.png": try png(2), "/d/notes/readme.txt": [65],
    ])
    #expect(
      message(host)
        == "image_folder: /d has train/ and next to them dog/ with images; a folder must contain either splits or "
        + "classes")
    host.files["/d/dog/a.png"] = nil
    host.files["/d/fish/deep/a.png"] = try png(2)
    #expect(message(host)?.contains("next to them fish/ with images") == true)
    host.files["/d/fish/deep/a.png"] = nil
    #expect(try ImageFolder.dataset("/d", host: host).splitNames == ["train"])
    host.files["/d/val/cat/a.png"] = try png(3)
    host.files["/d/valid/cat/a.png"] = try png(3)
    #expect(message(host) == "image_folder: /d has val/ and valid/, which are the same split")
  }

  @Test func classesBelowTheOnlyClassAreNoted() throws {
    let host = MemoryHost([
      "/d/images/cat/a.png": try png(1), "/d/images/dog/a.png": try png(2),
    ])
    #expect(
      try ImageFolder.dataset("/d", host: host).description(pixels: false).contains(
        "note: the only class is images, whose images are in 2 folders; if these are the classes, open "
          + "/d/images"))
    let inner = try ImageFolder.dataset("/d/images", host: host).view
    #expect(inner.classes == ["cat", "dog"] && inner.warnings.isEmpty)
  }
}
