import Host
import Images
import TestSupport
import Testing

@testable import Datasets

/// Stanford Cars as copies of it pass it on.
struct CarsCopiesTests {
  @Test func tablesWithAFolderForEachClass() throws {
    let host = MemoryHost([
      "/c/names.csv": Array("Acura RL\n\"Ram C/V Van\"\n".utf8),
      "/c/anno_train.csv": Array("1.jpg,2,3,4,5,2\n2.jpg,1,1,2,2,1\n".utf8),
      "/c/anno_test.csv": Array("1.jpg,1,1,2,2,1\n".utf8),
    ])
    for path in ["train/Ram C-V Van/1.jpg", "train/Acura RL/2.jpg", "test/Acura RL/1.jpg"] {
      host.files["/c/car_data/car_data/" + path] = [1]
    }
    let data = try Cars.dataset("/c", host: host)
    #expect(data.splitNames == ["train", "test"] && data.classes == ["Acura RL", "Ram C/V Van"])
    let train = try #require(data["train"])
    #expect((0..<2).map(train.label) == [1, 0])
    #expect(try train.annotations([0])[0].box == Box(x: 1, y: 2, width: 3, height: 3))
    host.files["/c/anno_train.csv"] = Array("1.jpg,2,3,4,5,3\n".utf8)
    let error = #expect(throws: Failure.self) { try Cars.dataset("/c", host: host) }
    #expect(
      error?.message
        == "cars: the class of line 1 of /c/anno_train.csv must be a whole number from 1 to 2, got 3"
    )
  }
}
