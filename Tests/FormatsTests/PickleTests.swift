import Host
import Testing

@testable import Formats

/// Pickles that no program writes.
struct PickleTests {
  private func objects(_ bytes: [UInt8]) throws -> PickleObjects {
    try Unpickler.objects(in: PickleBytes(FileInMemory([0x80, 2] + bytes), name: "p"), name: "p")
  }

  private func value(_ bytes: [UInt8]) throws -> PickleValue {
    let objects = try objects(bytes)
    return try objects.value(objects.root, in: "p") { _, _ in
      throw Failure("test", "there are no tensors")
    }
  }

  private func message(_ bytes: [UInt8]) -> String? {
    #expect(throws: Failure.self) { _ = try value(bytes) }?.message
  }

  private func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  @Test func aListThatContainsItselfIsRefused() {
    // l = []; l.append(l)
    #expect(
      message(Array("]q".utf8) + [0] + Array("h".utf8) + [0] + Array("a.".utf8))
        == "p nests values more than 128 deep, or one contains itself")
  }

  @Test func aMillionNestedListsAreHarmless() {
    let deep = [UInt8](repeating: UInt8(ascii: "]"), count: 1_000_000)
    let closing = [UInt8](repeating: UInt8(ascii: "a"), count: 999_999)
    #expect(message(deep + closing + Array(".".utf8))?.contains("more than 128 deep") == true)
    let tuples = [UInt8](repeating: 0x85, count: 1_000_000)
    #expect(message(Array(")".utf8) + tuples + [0x2E])?.contains("more than 128 deep") == true)
  }

  @Test func listsThatHoldEachOtherAreCounted() {
    // Each tuple holds the one before twice: 2^60 values.
    var bytes = Array(")".utf8)
    for _ in 0..<60 { bytes += [0x32, 0x86] }
    #expect(message(bytes + [0x2E]) == "p contains more than 16777216 values")
  }

  @Test func stacksThatGrowWithoutEndAreRefused() {
    let endless = Array("N".utf8) + [UInt8](repeating: 0x32, count: 5_000_000)
    #expect(message(endless)?.contains("needs too large a stack") == true)
    #expect(
      message([UInt8](repeating: UInt8(ascii: "("), count: 2_000_000))?.contains("too many marks")
        == true)
    #expect(
      message(Array("X".utf8) + [0xFF, 0xFF, 0xFF, 0x7F])?.hasSuffix("ends too early") == true)
  }

  @Test(
    "calls are refused by name",
    arguments: [
      ("builtins", "eval"), ("__builtin__", "getattr"), ("os", "system"), ("subprocess", "Popen"),
      ("torch.storage", "_load_from_bytes"), ("torch", "load"), ("numpy.core.multiarray", "scalar"),
    ])
  func calls(_ module: String, _ name: String) {
    let text = message(global(module, name) + Array("(U".utf8) + [1, 0x78] + Array("tR.".utf8))
    let modern = module == "__builtin__" ? "builtins" : module
    #expect(text?.contains(" calls \(modern).\(name), which no tensor needs") == true)
    // An object of it, and the name alone.
    #expect(
      message(global(module, name) + [0x29, 0x81, 0x2E])?.contains(
        "contains an object of the class \(modern).\(name)") == true)
    #expect(
      message(global(module, name) + [0x2E])?.contains("contains the name \(modern).\(name)")
        == true)
  }

  @Test func whatIsCalledIsNoOtherValue() {
    #expect(
      message(Array("U".utf8) + [1, 0x78, 0x29, 0x52, 0x2E])?.contains("not a function") == true)
    // Tensors of a custom type, and one that rebuilds itself.
    let rebuild = global("torch._tensor", "_rebuild_from_type_v2")
    let own = rebuild + Array("(".utf8) + global("torch._utils", "_rebuild_tensor_v2")
    #expect(
      message(own + global("mine", "Tensor") + [0x29, 0x4E, 0x74, 0x52, 0x2E])?.contains(
        "an object of the class mine.Tensor") == true)
    #expect(
      message(
        rebuild + Array("(".utf8) + rebuild + global("torch", "Tensor") + [
          0x29, 0x4E, 0x74, 0x52, 0x2E,
        ])
        != nil)
  }

  @Test("an int that no number holds exactly is left out by name", arguments: [8, 9, 16])
  func largeInts(_ count: Int) throws {
    func long(_ low: UInt8, _ high: UInt8) -> [UInt8] {
      [0x8A, UInt8(count), low] + [UInt8](repeating: 0, count: count - 2) + [high, 0x2E]
    }
    guard case .number(let power) = try value(long(0, 1)) else {
      return #expect(Bool(false), "2^\(8 * count - 8) is not a number")
    }
    #expect(power == (0..<count - 1).reduce(1.0) { x, _ in x * 256 })
    guard case .unread(let failure) = try value(long(1, 1)) else {
      return #expect(Bool(false), "2^\(8 * count - 8) + 1 is read")
    }
    #expect(
      failure.message == "p is an int that float64 does not hold exactly, which is not read")
    // Negative ones.
    guard case .unread = try value(long(1, 0xFF)) else {
      return #expect(Bool(false), "-2^\(8 * count - 8) + 1 is read")
    }
  }

  @Test func everyNumberIsRead() throws {
    func number(_ bytes: [UInt8]) throws -> Double? {
      if case .number(let x) = try value(bytes + [0x2E]) { x } else { nil }
    }
    #expect(try number([0x4B, 255]) == 255 && number([0x4D, 1, 2]) == 513)
    #expect(try number([0x4A, 0xFE, 0xFF, 0xFF, 0xFF]) == -2)
    #expect(try number([0x8A, 0]) == 0 && number([0x8A, 1, 0x80]) == -128)
    #expect(try number([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1]) == 0x1p64)
    #expect(try number([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF]) == -0x1p64)
    #expect(try number([0x47, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]) == 1.5)
  }
}
