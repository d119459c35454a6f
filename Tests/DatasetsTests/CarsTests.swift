import Host
import Images
import TestSupport
import Testing

@testable import Datasets

struct CarsTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Data"

  /// Made by Reference/cars.py.
  private func mat(_ name: String) throws -> [UInt8] {
    try MemoryHost(readsDisk: true).read(CarsTests.folder + "/" + name)
  }

  private func png(_ value: UInt8) throws -> [UInt8] {
    try PNG.encode([UInt8](repeating: value, count: 6), width: 3, height: 2, channels: 1)
  }

  private func combined() throws -> MemoryHost {
    let host = MemoryHost(["/c/cars_annos.mat": try mat("cars_annos.mat")])
    for i in 1...6 { host.files["/c/car_ims/00000\(i).png"] = try png(UInt8(i)) }
    return host
  }

  private func devkit() throws -> MemoryHost {
    let host = MemoryHost()
    for name in ["cars_meta.mat", "cars_train_annos.mat", "cars_test_annos.mat"] {
      host.files["/c/devkit/" + name] = try mat(name)
    }
    host.files["/c/cars_test_annos_withlabels.mat"] = try mat("cars_test_annos_withlabels.mat")
    for i in 1...4 { host.files["/c/cars_train/0000\(i).png"] = try png(UInt8(i)) }
    for i in 1...2 { host.files["/c/cars_test/0000\(i).png"] = try png(UInt8(4 + i)) }
    return host
  }

  private func message(_ host: MemoryHost) -> String? {
    #expect(throws: Failure.self) { try Cars.dataset("/c", host: host) }?.message
  }

  @Test func theCombinedReleaseIsRead() throws {
    let data = try Cars.dataset("/c/", host: combined())
    #expect(data.summary == "train 3, test 3, 3 classes, images of various sizes")
    #expect(data.classes[1] == "Ram C/V Cargo Van Minivan 2012")
    let (train, test) = (try #require(data["train"]), try #require(data["test"]))
    #expect((0..<3).map(train.label) == [0, 1, 0])
    #expect((0..<3).map(test.label) == [2, 1, 2])
    #expect(test.name(1) == "car_ims/000004.png")
    // Corners from 1, both inside.
    #expect(try test.samples([0])[0].box == Box(x: 1, y: 0, width: 2, height: 2))
    #expect(try test.samples([1])[0].box == Box(x: 0, y: 0, width: 1, height: 1))
    #expect(try train.images().array(Float.self)[0] == 1.0 / 255)
  }

  @Test func theDevkitIsRead() throws {
    let data = try Cars.dataset("/c", host: devkit())
    #expect(data.summary == "train 4, test 2, 3 classes, images of various sizes")
    let (train, test) = (try #require(data["train"]), try #require(data["test"]))
    #expect((0..<4).map(train.label) == [0, 2, 1, 1])
    #expect((0..<2).map(test.label) == [0, 2])
    #expect(try train.samples([1])[0].box == Box(x: 1, y: 0, width: 2, height: 2))
    #expect(try test.images().array(Float.self)[0] == 5.0 / 255)
  }

  @Test func withoutTheTestLabelsThereIsTrainAlone() throws {
    let host = try devkit()
    host.files["/c/cars_test_annos_withlabels.mat"] = nil
    let data = try Cars.dataset("/c", host: host)
    #expect(data.splitNames == ["train"])
    #expect(data.absent["test"]?.contains("/c/devkit/cars_test_annos_withlabels.mat") == true)
    #expect(data.map { $0.mapped(Transforms.grey()) }.absent == data.absent)
    #expect(
      data["train"]?.warnings.first?.hasPrefix("the test split is missing: \"/c/devkit/") == true)
  }

  @Test func whatIsMissingIsNamed() throws {
    #expect(message(MemoryHost()) == "cars: the folder \"/c\" does not exist")
    #expect(
      message(MemoryHost(["/c/readme": [65]]))?.hasPrefix(
        "cars: /c has neither cars_annos.mat (with car_ims/) nor devkit/cars_train_annos.mat")
        == true)
    let host = try devkit()
    host.files["/c/devkit/cars_meta.mat"] = nil
    #expect(
      message(host)
        == "cars: the file \"/c/devkit/cars_meta.mat\", which has the names of the classes, does not exist"
    )
    let alone = MemoryHost(["/c/cars_annos.mat": try mat("cars_annos.mat")])
    #expect(
      message(alone) == "cars: 6 of 6 images are missing from /c; the first is car_ims/000001.png")
  }

  @Test func damagedAnnotationsAreErrorsOrDataSets() throws {
    let host = try combined()
    let files = try ["cars_annos.mat", "cars_annos-plain.mat"].map(mat)
    try Fuzz.run("cars", files, rounds: 1000) { mutant in
      host.files["/c/cars_annos.mat"] = mutant
      _ = try Cars.dataset("/c", host: host)
    }
  }

  @Test func badAnnotationsAreNamed() throws {
    let host = try combined()
    host.files["/c/cars_annos.mat"] = Array("<!DOCTYPE html><html>".utf8)
    #expect(message(host) == "mat: /c/cars_annos.mat is a web page, not a MATLAB file")
    host.files["/c/cars_annos.mat"] = try mat("cars-class-out-of-range.mat")
    #expect(
      message(host)
        == "cars: the class of annotation 1 in /c/cars_annos.mat must be a whole number from 1 to 3, got 4"
    )
    host.files["/c/cars_annos.mat"] = try mat("cars-class-nan.mat")
    #expect(
      message(host)
        == "cars: class of annotation 1 in /c/cars_annos.mat must be a number, got nan")
    host.files["/c/cars_annos.mat"] = try mat("cars-split-out-of-range.mat")
    #expect(
      message(host)
        == "cars: test of annotation 1 in /c/cars_annos.mat must be 0 (train) or 1 (test), got 2")
    host.files["/c/cars_annos.mat"] = try mat("cars_meta.mat")
    #expect(
      message(host) == "mat: /c/cars_annos.mat has no variable annotations; it has class_names")
    host.files["/c/cars_annos.mat"] = Array(try mat("cars_annos.mat").dropLast(40))
    #expect(message(host)?.contains("cut short") == true)
  }
}
