import FoundationEssentials
import Host
import ONNXSchema
import SwiftProtobuf
import Tensors

extension ONNXModel {
  /// The size in bytes that a protocol buffer has at most.
  static let largest = Int(Int32.max)

  /// Whether a file begins as ONNX files do: with a small version number, and the producer's name or
  /// the network.
  public static func isOne(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[0] == 8 && bytes[1] < 64 && (bytes[2] == 0x12 || bytes[2] == 0x3A)
  }

  /// Reads a file. Constants can be in other files of its folder or the folders in it, and nowhere
  /// else. Throws the errors of reading and `file-format`.
  public init(from path: String, on host: Host) throws {
    let file = try host.open(path)
    guard file.size <= ONNXModel.largest else {
      throw Failure("file-format", "\(path): an ONNX file has at most 2 GB, this one is larger")
    }
    try self.init(
      decoding: file.bytes(), path: path,
      others: { location in
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        return try host.open(folder + location)
      })
  }

  /// Reads the bytes of a file; `others` opens another file by its path in the same folder.
  init(
    decoding bytes: [UInt8], path: String,
    others: @escaping (_ location: String) throws -> any OpenFile
  ) throws {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    let model: Onnx_ModelProto
    do {
      model = try Onnx_ModelProto(serializedBytes: bytes, options: options)
    } catch {
      throw Failure("file-format", "\(path) is not a whole ONNX file: \(error)")
    }
    func wrong(_ text: String) -> Failure { Failure("file-format", "\(path): \(text)") }
    guard model.hasGraph, !model.graph.node.isEmpty else {
      throw wrong("it is not an ONNX file, or has a network without nodes")
    }
    let own = model.opsetImport.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }
    guard let own, let opset = Int(exactly: own.version), (1...1000).contains(opset) else {
      throw wrong("it does not say which version of ONNX's operators it has")
    }
    self.init(opset: opset)
    producer = model.producerName
    metadata = model.metadataProps.map { ($0.key, $0.value) }
    guard model.graph.sparseInitializer.isEmpty else {
      throw wrong("it has sparse tensors, which are not read")
    }
    let reader = ONNXTensorReader(path: path, others: others)
    initializers = try model.graph.initializer.map {
      ($0.name, try reader.constant($0, "the tensor \"\($0.name)\""))
    }
    nodes = try model.graph.node.map { node in
      let domain = ["", "ai.onnx"].contains(node.domain) ? "" : node.domain + "."
      return Node(
        node.name, domain + node.opType, inputs: node.input, outputs: node.output,
        attributes: try node.attribute.map {
          ($0.name, try Attribute($0, reader, "a constant of the node \"\(node.name)\""))
        })
    }
    inputs = model.graph.input.map(Value.init)
    outputs = model.graph.output.map(Value.init)
  }
}

extension ONNXModel.Attribute {
  fileprivate init(_ proto: Onnx_AttributeProto, _ reader: ONNXTensorReader, _ what: String) throws
  {
    self =
      switch proto.type {
      case .int: .int(Int(proto.i))
      case .float: .float(proto.f)
      case .string: .string(String(decoding: proto.s, as: UTF8.self))
      case .ints: .ints(proto.ints.map(Int.init))
      case .floats: .floats(proto.floats)
      case .tensor: .constant(try reader.constant(proto.t, what))
      default: .other
      }
  }
}

extension ONNXModel.Value {
  fileprivate init(_ proto: Onnx_ValueInfoProto) {
    let shape: [Int?]? =
      if proto.type.tensorType.hasShape {
        proto.type.tensorType.shape.dim.map {
          if case .dimValue(let size)? = $0.value, size > 0 { Int(size) } else { nil }
        }
      } else {
        nil
      }
    self.init(proto.name, shape: shape)
  }
}
