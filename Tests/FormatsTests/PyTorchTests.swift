import Host
import TestSupport
import Tensors
import Testing

@testable import Formats

/// Files of torch.save, which Reference/torch_files.py made.
struct PyTorchTests {
  private static func open(_ name: String) throws -> PyTorchFile {
    try PyTorchFile(FileInMemory(Files.read("torch/" + name)), path: name)
  }

  private func value(_ name: String) throws -> [String: PickleValue] {
    guard case .dict(let pairs) = try PyTorchTests.open(name).value() else {
      throw Failure("test", "\(name) is not a dict")
    }
    var values: [String: PickleValue] = [:]
    for case (.string(let key), let value) in pairs { values[key] = value }
    return values
  }

  private func failure(_ name: String) -> Failure? {
    #expect(throws: Failure.self) { _ = try PyTorchTests.open(name).value() }
  }

  private func expected() throws -> [(String, shape: [Int], numbers: [Double])] {
    guard
      case .object(let entries) = try JSON(
        parsing: Files.read("torch/expected.json"), what: "expected")
    else { return [] }
    return entries.compactMap { name, json in
      guard case .array(let parts) = json, parts.count == 2, case .array(let shape) = parts[0],
        case .array(let numbers) = parts[1]
      else { return nil }
      func doubles(_ items: [JSON]) -> [Double] {
        items.compactMap {
          switch $0 {
          case .number(let x): x
          case .bool(let x): x ? 1 : 0
          default: nil
          }
        }
      }
      return (name, doubles(shape).map { Int($0) }, doubles(numbers))
    }
  }

  @Test(
    "every kind of tensor is read with PyTorch's numbers, in each layout and protocol",
    arguments: [
      "zip2.pth", "zip3.pth", "zip4.pth", "zip5.pth", "no_crc.pth", "legacy2.pth", "legacy3.pth",
      "legacy4.pth", "legacy5.pth",
    ])
  func tensors(_ name: String) throws {
    let content = try PyTorchTests.open(name).weights()
    #expect(content.leftOut.isEmpty)
    let wanted = try expected().filter {
      !name.hasPrefix("legacy") || !["uint16", "uint32", "float8"].contains($0.0)
    }
    #expect(wanted.count > 20 && content.tensors.map(\.name) == wanted.map(\.0))
    for (name, shape, numbers) in wanted {
      let tensor = try #require(content[name])
      #expect(tensor.shape == shape && tensor.doubles == numbers, "\(name)")
    }
  }

  @Test func typesAreTheSmallestThatHoldAll() throws {
    let content = try PyTorchTests.open("zip2.pth").weights()
    let types: [(String, DType)] = [
      ("half", .float32), ("float64", .float64), ("int64", .int32), ("int64_large", .float64),
      ("spare", .int32), ("bool", .bool), ("uint8", .uint8), ("int8", .int32), ("uint32", .float64),
    ]
    for (name, type) in types { #expect(content[name]?.dtype == type, "\(name)") }
  }

  @Test func numbersOfBigEndianMachinesAreTurned() throws {
    let content = try PyTorchTests.open("big_endian.pth").weights()
    #expect(content["x"]?.doubles == [1, -2.5])
    #expect(content["i"]?.doubles == [1, 0x1p40])
    #expect(content["h"]?.doubles == [1.5])
  }

  @Test(arguments: ["checkpoint2.pth", "checkpoint5.pth"])
  func checkpointsAreNestedValues(_ name: String) throws {
    let values = try value(name)
    func shown(_ key: String) -> String { values[key].map { "\($0)" } ?? "missing" }
    #expect(shown("epoch") == "number(3.0)" && shown("big") == "number(1.1805916207174113e+21)")
    #expect(shown("best") == "number(0.625)" && shown("name") == "string(\"run ü\")")
    #expect(shown("raw") == "bytes([97, 98, 0, 255])" && shown("nothing") == "none")
    #expect(shown("pair").hasPrefix("list(") && shown("names").hasSuffix("string(\"cat\")])"))
    #expect(shown("size").contains("number(2.0)") && shown("dtype") == "string(\"torch.float16\")")
    #expect(shown("device") == "string(\"cpu\")")
    guard case .unread(let failure)? = values["complex"] else {
      throw Failure("test", "complex numbers are read")
    }
    #expect(
      failure.message
        == "\(name)[\"complex\"] holds numbers of torch.ComplexFloatStorage, which are not read")
    let weights = try PyTorchTests.open(name).weights()
    #expect(weights.tensors.first?.name == "module.0.weight" && weights.tensors.count == 9)
    #expect(weights["module.3.bias"]?.doubles == [4.5, 4.625])
  }

  @Test func whatWouldCallAnythingIsRefusedByName() throws {
    let failure = failure("calls.pth")
    #expect(failure?.kind == "unsafe-pickle")
    #expect(
      failure?.message
        == "calls.pth calls posix.system, which no tensor needs; nothing was called, and the file is not read"
    )
    #expect(SystemHost().kind(of: "limbeck-pickle-was-run") == nil)
  }

  @Test(
    arguments: ["module.pth", "legacy_module.pth"])
  func aWholeModuleIsRefused(_ name: String) throws {
    let failure = failure(name)
    #expect(failure?.kind == "unsafe-pickle")
    #expect(
      failure?.message.hasPrefix(
        "\(name) contains an object of the class torch.nn.modules.container.Sequential") == true)
    #expect(failure?.hint?.contains("torch.save(x.state_dict(), \"weights.pth\")") == true)
  }

  @Test func severalStateDictsAreListed() throws {
    let objects = PickleObjects(
      containers: [
        PickleContainer(
          kind: .dict, items: [.string("ema"), .container(1), .string("raw"), .container(1)]),
        PickleContainer(kind: .dict, items: [.string("weight"), .tensor(0)]),
      ], root: .container(0))
    let failure = #expect(throws: Failure.self) { try StateDicts(objects).only(in: "x.pth") }
    #expect(
      failure?.message
        == "x.pth has several dicts of tensors: [\"ema\"] (1 tensors), [\"raw\"] (1 tensors)")
    #expect(failure?.hint?.contains("write(read(path)[\"ema\"], \"x.safetensors\")") == true)
  }

  @Test func anArchiveWithoutAPickleIsNamed() throws {
    let failure = #expect(throws: Failure.self) {
      try PyTorchFile(FileInMemory(Files.read("stored.npz")), path: "a.npz")
    }
    #expect(failure?.message == "a.npz is a zip archive without a PyTorch pickle (data.pkl)")
  }

  @Test func everyTruncationIsAnError() throws {
    for name in ["zip2.pth", "legacy4.pth"] {
      let bytes = try Files.read("torch/" + name)
      for count in 0..<bytes.count {
        #expect(throws: Failure.self) {
          _ = try PyTorchFile(FileInMemory(Array(bytes[..<count])), path: name).weights()
        }
      }
    }
  }

  @Test func numbersThatChangedAreNoticed() throws {
    var bytes = try Files.read("torch/zip2.pth")
    let mark = Array("zip2/data/0".utf8)
    let at = try #require(
      bytes.indices.dropLast(200).first { bytes[$0...].starts(with: mark) })
    // The length of the padding stands in front of the name.
    let data = at + mark.count + Int(bytes[at - 2]) + Int(bytes[at - 1]) << 8
    bytes[data] ^= 1
    let failure = #expect(throws: Failure.self) {
      _ = try PyTorchFile(FileInMemory(bytes), path: "x.pth").weights()
    }
    #expect(failure?.message.contains("CRC") == true)
  }

  @Test(
    "damaged files are errors or values",
    arguments: [
      "zip2.pth", "zip5.pth", "legacy2.pth", "legacy5.pth", "checkpoint2.pth", "no_crc.pth",
    ])
  func damaged(_ name: String) throws {
    try Fuzz.run(name, [Files.read("torch/" + name)], rounds: 400) { bytes in
      let file = try PyTorchFile(FileInMemory(bytes), path: name)
      _ = try file.value()
      _ = try file.weights()
    }
  }

  @Test("damaged pickles are errors or values")
  func damagedPickles() throws {
    for name in ["zip2.pth", "checkpoint5.pth", "module.pth"] {
      let archive = try Zip(decoding: Files.read("torch/" + name), name: name)
      let pickle = try #require(archive.entries.first { $0.name.hasSuffix("data.pkl") })
      // The archive around the pickle is whole, with a checksum that fits.
      try Fuzz.run(name + " pickle", [pickle.bytes], rounds: 400) { bytes in
        let entries = archive.entries.map { ($0.name, $0.name == pickle.name ? bytes : $0.bytes) }
        let file = try PyTorchFile(FileInMemory(Zip(entries).encoded()), path: name)
        _ = try file.value()
        _ = try file.weights()
      }
    }
  }
}
