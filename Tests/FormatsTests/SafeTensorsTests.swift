import Host
import Tensors
import TestSupport
import Testing

@testable import Formats

/// The contents of safetensors files, and files of other formats.
struct SafeTensorsTests {
  @Test("a text file is not a safetensors file")
  func foreign() throws {
    let failure = #expect(throws: Failure.self) {
      try SafeTensors(decoding: Array("hello, world".utf8), path: "a.txt")
    }
    #expect(failure?.message.hasPrefix("a.txt is a text, not a safetensors file") == true)
  }

  @Test("half-precision and 64-bit numbers are read as float32 and int32")
  func types() throws {
    let header =
      #"{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"#
      + #""b":{"dtype":"BF16","shape":[1],"data_offsets":[6,8]},"#
      + #""i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}"#
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    bytes += Array(header.utf8)
    bytes += [0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0x80, 0x3F]
    bytes += [5, 0, 0, 0, 0, 0, 0, 0]
    let file = try SafeTensors(decoding: bytes, path: "t")
    #expect(file["h"]?.array(Float.self) == [1, -2, 0x1p-24])
    #expect(file["b"]?.array(Float.self) == [1])
    #expect(file["i"]?.array(Int32.self) == [5])
  }

  /// The head of an archive whose first entry has this name.
  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0]
      + Array(name.utf8)
  }

  @Test(
    "other files are told by what they begin with",
    arguments: [
      (
        zip("x/data.pkl"),
        "a PyTorch file"
      ),
      (
        zip("a.npy"),
        "an npz archive of NumPy arrays"
      ),
      (
        [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19],
        "a PyTorch file"
      ),
      (
        [0x80, 4, 0x95, 10, 0, 0, 0, 0, 0, 0, 0, 0x8C],
        "a Python pickle, not PyTorch's"
      ),
      ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file (Keras, or MATLAB 7.3)"),
      ([8, 8, 0x12, 7] + Array("pytorch:".utf8), "an ONNX model"),
      (Array("MATLAB 5.0 MAT-file".utf8), "a MATLAB file"),
      (
        Array("version https://git-lfs.github.com/spec/v1\n".utf8),
        "a pointer of Git LFS, not the file itself"
      ),
      (Array("<!DOCTYPE html>".utf8), "a page of the web (HTML), or another text"),
      (Array("hello".utf8), "a text"), (Array("grüße, 世界".utf8.dropLast(2)), "a text"),
      ([], "empty"),
    ] as [([UInt8], String)])
  func foreign(_ bytes: [UInt8], _ what: String) throws {
    let failure = #expect(throws: Failure.self) { try SafeTensors(decoding: bytes, path: "f") }
    #expect(failure?.message == "f is \(what), not a safetensors file")
    #expect(failure?.hint != nil)
  }

  @Test("a header whose length looks like a pickle's first bytes is a header")
  func headerOf640Bytes() throws {
    let one = try Tensor(zeros: [1])
    var text = ""
    var bytes: [UInt8] = []
    while bytes.prefix(2) != [0x80, 2], text.utf8.count < 1000 {
      text += "aaaaaaaa"
      bytes = SafeTensors([("x", one)], metadata: [("a", text)]).encoded()
    }
    #expect(bytes.prefix(2) == [0x80, 2])
    #expect(try SafeTensors(decoding: bytes, path: "f").tensors.count == 1)
  }

  /// A file with this header and data.
  private func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    let count = header.utf8.count
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8) + data
  }

  @Test(
    "what is wrong with a file is said",
    arguments: [
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
          + #""b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        "\"b\" begins before the tensor in front of it ends"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
        "1 bytes before \"b\" belong to no tensor"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        "\"a\" occurs twice"
      ),
      (
        #"{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#,
        "\"k\" occurs twice"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
        "\"a\" lies outside its 3 bytes of data"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}"#,
        "should have 2 bytes and has 3"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
        "1 bytes follow its last tensor"
      ),
    ])
  func whatIsWrong(_ header: String, _ what: String) {
    let failure = #expect(throws: Failure.self) {
      try SafeTensors(decoding: file(header, [1, 2, 3]), path: "f")
    }
    #expect(failure?.kind == "file-format" && failure?.message.contains(what) == true)
  }

  @Test("a header longer than the file, or than any header, is named")
  func longHeader() {
    for (length, rest) in [(UInt64(1000), 100), (1 << 62, 100), (200_000_000, 10)] {
      let bytes =
        (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) }
        + [UInt8](repeating: 32, count: rest)
      let failure = #expect(throws: Failure.self) { try SafeTensors(decoding: bytes, path: "f") }
      let what = "its header should be \(length) bytes long, and \(rest) bytes follow"
      #expect(failure?.message == "f is not a whole safetensors file: \(what)")
    }
  }

  @Test("each tensor is aligned to its elements, and the header keeps the order")
  func aligned() throws {
    let tensors: [(name: String, tensor: Tensor)] = [
      ("flag", try Tensor([true, false, true], shape: [3])),
      ("byte", try Tensor([7] as [UInt8], shape: [])),
      ("weight", try Tensor([1.5, -2] as [Float], shape: [2, 1])),
      ("double", try Tensor([1e300], shape: [1])), ("empty", try Tensor(zeros: [0, 3])),
      ("count", try Tensor([-5] as [Int32], shape: [1])),
    ]
    let bytes = SafeTensors(tensors).encoded()
    #expect(bytes == SafeTensors(tensors).encoded())
    let length = Int(bytes[0]) | Int(bytes[1]) << 8
    let header = try JSON(parsing: bytes[8..<8 + length], what: "header")
    #expect(length % 8 == 0)
    #expect(header["__metadata__"]?["format"] == JSON.string("pt"))
    for (name, tensor) in tensors {
      guard case .array(let offsets)? = header[name]?["data_offsets"],
        case .number(let start)? = offsets.first
      else { throw Failure("test", "no offsets for \(name)") }
      #expect(Int(start) % tensor.dtype.size == 0)
    }
    let back = try SafeTensors(decoding: bytes, path: "f")
    #expect(back.tensors.map(\.name) == tensors.map(\.name))
    for (i, (_, wanted)) in tensors.enumerated() {
      let tensor = back.tensors[i].tensor
      #expect(tensor.shape == wanted.shape && tensor.dtype == wanted.dtype)
      #expect(tensor.readBytes { a in wanted.readBytes { a.elementsEqual($0) } })
    }
  }

  @Test("what is finite is known from reading, also at the ends of the pieces that are read")
  func finite() throws {
    let count = 3 << 16
    var files: [(name: String, tensor: Tensor)] = [
      ("whole", try Tensor([Float](repeating: 1, count: count), shape: [count])),
      ("ints", try Tensor([1, 2] as [Int32], shape: [2])),
    ]
    for (i, bad) in [
      (0, Float.nan), (count - 1, .infinity), (1 << 16, -.infinity), (2 << 16 - 1, .nan),
    ] {
      var numbers = [Float](repeating: -1, count: count)
      numbers[i] = bad
      files.append(("bad \(i)", try Tensor(numbers, shape: [count])))
    }
    files.append(("double", try Tensor([1, .greatestFiniteMagnitude] as [Double], shape: [2])))
    files.append(("bad double", try Tensor([1, Double.nan], shape: [2])))
    let back = try SafeTensors(decoding: SafeTensors(files).encoded(), path: "f")
    #expect(back.finite == ["whole", "double"])
  }

  @Test func damagedFilesAreErrorsOrTensors() throws {
    let tensors: [(name: String, tensor: Tensor)] = [
      ("a", try Tensor([1, 2, 3] as [Float], shape: [3])), ("b", try Tensor([true], shape: [])),
      ("c", try Tensor(zeros: [2, 0])),
    ]
    let narrow = file(
      #"{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"i":{"dtype":"I64","shape":[1],"data_offsets":[6,14]}}"#,
      [UInt8](repeating: 3, count: 14))
    try Fuzz.run("safetensors", [SafeTensors(tensors).encoded(), narrow], rounds: 400) {
      _ = try SafeTensors(decoding: $0, path: "f")
    }
  }
}
