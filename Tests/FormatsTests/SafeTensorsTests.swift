import Host
import Tensors
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
        "a PyTorch checkpoint (a zip archive with a pickle)"
      ),
      (
        zip("a.npy"),
        "an npz archive of NumPy arrays"
      ),
      (
        [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A],
        "a Python pickle, as PyTorch wrote checkpoints before 1.6"
      ),
      ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file (Keras, or MATLAB 7.3)"),
      ([8, 8, 0x12, 7] + Array("pytorch:".utf8), "an ONNX model"),
      (Array("MATLAB 5.0 MAT-file".utf8), "a MATLAB file"),
      (
        Array("version https://git-lfs.github.com/spec/v1\n".utf8),
        "a pointer of Git LFS, not the file itself"
      ),
      (Array("<!DOCTYPE html>".utf8), "a page of the web (HTML), or another text"),
      (Array("hello".utf8), "a text"), ([], "empty"),
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
}
