import FoundationEssentials
import Host
import ONNXSchema
import SwiftProtobuf
import Tensors

extension ONNXModel {
  /// The version of the format that is written (IR), which readers since the end of 2023 know.
  private static let format: Int64 = 10

  /// Writes the file completely or not at all, without a copy of the constants. Throws `file-format`
  /// if it would have more than 2 GB, and the errors of writing.
  public func write(to path: String, on host: Host) throws {
    let pieces = try pieces
    let size = pieces.reduce(0) { $0 + $1.size }
    guard size <= ONNXModel.largest else {
      throw Failure(
        "file-format",
        "\(path): an ONNX file has at most 2 GB, and this one would have \(size) bytes")
    }
    try host.write(to: path) { write in
      for piece in pieces {
        switch piece {
        case .bytes(let bytes): try bytes.withUnsafeBytes(write)
        case .numbers(let tensor): try tensor.readBytes(write)
        }
      }
    }
  }

  /// A part of the file.
  private enum Piece {
    case bytes([UInt8])
    case numbers(Tensor)

    var size: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .numbers(let tensor): tensor.byteCount
      }
    }

    /// What is in front of a field that is a message or bytes: its number and its length.
    static func head(field: Int, length: Int) -> [UInt8] {
      var bytes = [UInt8(field << 3 | 2)]
      var rest = length
      while rest >= 128 {
        bytes.append(UInt8(rest & 127 | 128))
        rest >>= 7
      }
      return bytes + [UInt8(rest)]
    }
  }

  /// The parts of the file: the messages, in which the numbers of tensors are put where they belong.
  private var pieces: [Piece] {
    get throws {
      var graph = Onnx_GraphProto()
      graph.name = "network"
      graph.node = try nodes.map(Onnx_NodeProto.init)
      graph.input = inputs.map(Onnx_ValueInfoProto.init)
      graph.output = outputs.map(Onnx_ValueInfoProto.init)
      var inGraph: [Piece] = [.bytes(try graph.serializedBytes())]
      for (name, value) in initializers {
        var proto = Onnx_TensorProto()
        proto.name = name
        proto.dims = value.shape.map { Int64($0) }
        // `initializer` is field 5 of a graph, and `raw_data` field 9 of a tensor.
        switch value {
        case .integers(let numbers, _):
          proto.dataType = 7
          proto.int64Data = numbers.map { Int64($0) }
          let bytes: [UInt8] = try proto.serializedBytes()
          inGraph.append(.bytes(Piece.head(field: 5, length: bytes.count) + bytes))
        case .tensor(let tensor):
          let tensor = try tensor.cast(to: .float32)
          proto.dataType = 1
          let bytes: [UInt8] = try proto.serializedBytes()
          let head = bytes + Piece.head(field: 9, length: tensor.byteCount)
          let length = head.count + tensor.byteCount
          inGraph += [.bytes(Piece.head(field: 5, length: length) + head), .numbers(tensor)]
        }
      }
      var model = Onnx_ModelProto()
      model.irVersion = ONNXModel.format
      model.producerName = producer
      var version = Onnx_OperatorSetIdProto()
      version.version = Int64(opset)
      model.opsetImport = [version]
      model.metadataProps = metadata.map { name, text in
        var entry = Onnx_StringStringEntryProto()
        (entry.key, entry.value) = (name, text)
        return entry
      }
      let length = inGraph.reduce(0) { $0 + $1.size }
      // `graph` is field 7 of a model.
      let bytes: [UInt8] = try model.serializedBytes()
      return [.bytes(bytes + Piece.head(field: 7, length: length))] + inGraph
    }
  }
}

extension Onnx_NodeProto {
  fileprivate init(_ node: ONNXModel.Node) throws {
    self.init()
    (name, opType, input, output) = (node.name, node.op, node.inputs, node.outputs)
    attribute = try node.attributes.map { name, value in
      var proto = Onnx_AttributeProto()
      proto.name = name
      switch value {
      case .int(let number): (proto.type, proto.i) = (.int, Int64(number))
      case .float(let number): (proto.type, proto.f) = (.float, number)
      case .string(let text): (proto.type, proto.s) = (.string, Data(text.utf8))
      case .ints(let numbers): (proto.type, proto.ints) = (.ints, numbers.map { Int64($0) })
      case .floats(let numbers): (proto.type, proto.floats) = (.floats, numbers)
      case .constant, .other:
        throw Failure("file-format", "the attribute \"\(name)\" of \(node.op) can't be written")
      }
      return proto
    }
  }
}

extension Onnx_ValueInfoProto {
  /// An input or output of float32; axes that are not fixed are batches.
  fileprivate init(_ value: ONNXModel.Value) {
    self.init()
    name = value.name
    type.tensorType.elemType = 1
    type.tensorType.shape.dim = (value.shape ?? []).map { size in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if let size { dimension.dimValue = Int64(size) } else { dimension.dimParam = "batch" }
      return dimension
    }
  }
}
