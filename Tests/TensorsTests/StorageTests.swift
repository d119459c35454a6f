import Host
import Testing

@testable import Tensors

@Suite(.serialized)
struct StorageTests {
  @Test("a freed block is used again, and Memory counts what tensors hold")
  func reuse() throws {
    let context = RunContext()
    try context.run {
      var address = 0
      do {
        let tensor = try Tensor(zeros: [2003])
        address = tensor.read(Float.self) { Int(bitPattern: $0) }
        #expect(context.memory.used == 8012)
      }
      #expect(context.memory.used == 0)
      let again = try Tensor(uninitialized: [2000])
      #expect(again.read(Float.self) { Int(bitPattern: $0) } == address)
    }
  }

  @Test("what cannot fit is an error and leaves nothing counted")
  func limit() throws {
    #expect {
      try Tensor(zeros: [1_000_000, 1_000_000])
    } throws: { error in
      let failure = error as? Failure
      return failure?.kind == "out-of-memory"
        && failure?.message.hasPrefix(
          "a tensor [1000000, 1000000] of float32 needs 4 TB, and ") == true
    }
    #expect {
      try Tensor(zeros: [1 << 40, 1 << 40])
    } throws: { error in
      (error as? Failure)?.message
        == "no tensor can have the shape [1099511627776, 1099511627776]"
    }
  }

  @Test("memory is aligned, for empty tensors too")
  func alignment() throws {
    for shape in [[0], [1], [17], [3, 0], [1 << 21]] {
      let tensor = try Tensor(uninitialized: shape)
      #expect(tensor.read(Float.self) { Int(bitPattern: $0) % 64 } == 0)
    }
  }
}
