import Host
import ONNXSchema
import SwiftProtobuf
import Tensors
import TestSupport
import Testing

@testable import Formats

@Suite struct ONNXFileTests {
  private func model() throws -> ONNXModel {
    var model = ONNXModel(opset: 18)
    model.nodes = [
      ONNXModel.Node(
        "a", "Conv", inputs: ["input", "w", ""], outputs: ["logits"],
        attributes: [
          ("group", .int(-3)), ("alpha", .float(0.5)), ("mode", .string("é")),
          ("pads", .ints([1, 2])), ("scales", .floats([0.25])),
        ])
    ]
    model.initializers = [
      ("w", .tensor(try Tensor([1, -2, 3, 4] as [Float], shape: [2, 2]))),
      ("s", .integers([-1, .max], shape: [2])), ("e", .tensor(try Tensor(zeros: [0, 3]))),
    ]
    model.inputs = [ONNXModel.Value("input", shape: [nil, 3, 300])]
    model.outputs = [ONNXModel.Value("logits", shape: [nil, 2])]
    model.metadata = [("classes", "[\"a\"]")]
    model.producer = "limbeck"
    return model
  }

  private func bytes(_ model: ONNXModel) throws -> [UInt8] {
    let host = MemoryHost()
    try model.write(to: "m.onnx", on: host)
    return try host.read("m.onnx")
  }

  private func read(_ bytes: [UInt8], _ others: [String: [UInt8]] = [:]) throws -> ONNXModel {
    let host = MemoryHost(others)
    host.files["in/m.onnx"] = bytes
    return try ONNXModel(from: "in/m.onnx", on: host)
  }

  /// A constant that must be a tensor.
  private func tensor(_ model: ONNXModel, _ position: Int) throws -> Tensor {
    guard case .tensor(let tensor) = model.initializers[position].value else {
      throw Failure("type", "the constant has integers")
    }
    return tensor
  }

  @Test func whatIsWrittenIsRead() throws {
    let written = try model()
    let back = try read(bytes(written))
    #expect(back.nodes.count == 1 && back.nodes[0].inputs == ["input", "w", ""])
    #expect("\(back.nodes[0].attributes)" == "\(written.nodes[0].attributes)")
    #expect(back.initializers.map(\.name) == ["w", "s", "e"])
    #expect(try tensor(back, 0).array(Float.self) == [1, -2, 3, 4])
    guard case .integers(let numbers, _) = back.initializers[1].value else {
      Issue.record("the integers are not integers")
      return
    }
    #expect(numbers == [-1, .max])
    #expect(try tensor(back, 2).shape == [0, 3])
    #expect(back.inputs[0].shape == [nil, 3, 300] && back.outputs[0].name == "logits")
    #expect(back.opset == 18 && back.producer == "limbeck" && back.metadata[0].text == "[\"a\"]")
    #expect(ONNXModel.isOne(try bytes(written)))
  }

  /// A file with one tensor.
  private func file(_ change: (inout Onnx_TensorProto) -> Void) throws -> [UInt8] {
    var proto = try Onnx_ModelProto(serializedBytes: bytes(model()))
    var tensor = Onnx_TensorProto()
    (tensor.name, tensor.dataType, tensor.dims) = ("t", 1, [3])
    change(&tensor)
    proto.graph.initializer = [tensor]
    return try proto.serializedBytes()
  }

  @Test func tensorsOfOtherTypesAndInOtherFilesAreRead() throws {
    func numbers(_ change: (inout Onnx_TensorProto) -> Void, _ others: [String: [UInt8]] = [:])
      throws
      -> [Float]
    {
      try tensor(read(file(change), others), 0).cast(to: .float32).array(Float.self)
    }
    #expect(try numbers { $0.floatData = [1, 2, 3] } == [1, 2, 3])
    #expect(try numbers { ($0.dataType, $0.doubleData) = (11, [1, 2, 3]) } == [1, 2, 3])
    #expect(try numbers { ($0.dataType, $0.int32Data) = (10, [0x3C00, 0, 0xC000]) } == [1, 0, -2])
    #expect(try numbers { ($0.dataType, $0.rawData) = (3, .init([255, 0, 7])) } == [-1, 0, 7])
    let others = ["in/a/w.data": [9, 9] + [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64] as [UInt8]]
    func place(_ location: String, _ offset: String, _ length: String) -> (inout Onnx_TensorProto)
      ->
      Void
    {
      { tensor in
        tensor.dataLocation = .external
        tensor.externalData = [("location", location), ("offset", offset), ("length", length)].map {
          var entry = Onnx_StringStringEntryProto()
          (entry.key, entry.value) = $0
          return entry
        }
      }
    }
    #expect(try numbers(place("a/w.data", "2", "12"), others) == [1, 2, 3])
    for (location, offset, length, message) in [
      ("a/w.data", "3", "12", "should be bytes 3 to 15"), ("a/w.data", "2", "8", "it needs 12"),
      ("a/w.data", "-1", "12", "the place is missing"),
      ("a/w.data", "9223372036854775807", "12", "should be bytes"),
      ("../in/a/w.data", "2", "12", "not a file of the same folder"),
      ("/in/a/w.data", "2", "12", "not a file of the same folder"),
      ("a//w.data", "2", "12", "not a file of the same folder"),
      ("b", "0", "12", "there is no file"),
    ] {
      #expect {
        try numbers(place(location, offset, length), others)
      } throws: { ($0 as? Failure)?.message.contains(message) == true }
    }
  }

  @Test func tensorsThatDoNotFitAreErrors() throws {
    for (change, message) in [
      ({ $0.floatData = [1, 2] }, "should have 12 bytes and has 8"),
      ({ $0.rawData = .init([1]) }, "should have 12 bytes and has 1"),
      ({ $0.dims = [-1] }, "has the shape [-1]"),
      ({ $0.dims = [1 << 40, 1 << 40] }, "has the shape"),
      ({ $0.dims = [0x7FFF_FFFF] }, "should have 8589934588 bytes and has 0"),
      ({ $0.dataType = 8 }, "has elements of type 8, which are not read"),
      ({ $0.segment.begin = 1 }, "in several segments"),
    ] as [((inout Onnx_TensorProto) -> Void, String)] {
      #expect {
        try read(file(change))
      } throws: {
        let failure = $0 as? Failure
        return failure?.kind == "file-format" && failure?.message.contains(message) == true
      }
    }
  }

  @Test func filesThatAreNotWholeAreErrors() throws {
    let whole = try bytes(model())
    for count in whole.indices {
      #expect(throws: Failure.self) { try read(Array(whole.prefix(count))) }
    }
    #expect(throws: Failure.self) { try read(Array("PK\u{3}\u{4}".utf8)) }
    #expect(throws: Failure.self) { try read(try bytes(ONNXModel(opset: 18))) }
  }

  @Test func damagedONNXFilesAreErrorsOrModels() throws {
    try Fuzz.run("onnx", [try bytes(model())], rounds: 400) { _ = try read($0) }
  }
}
