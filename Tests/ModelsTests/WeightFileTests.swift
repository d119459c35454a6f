import Gradients
import Host
import Tensors
import TestSupport
import Testing

@testable import Models

/// What files hold beside tensors, files of before, and files of others.
@Suite struct WeightFileTests {
  private func layers() throws -> (shared: Dense, drop: Dropout) {
    (try Dense(units: 3, key: key, inputs: 3), try Dropout(rate: 0.5, key: key["drop"]))
  }

  @Test("tensors are PyTorch's, all else is metadata")
  func tensors() throws {
    let host = MemoryHost()
    let (shared, drop) = try layers()
    let g = Sequential([shared, drop, shared])
    _ = try g.call(Variable(tensor(2, 3)), training: true)
    g.passes.value = 4
    try g.save(to: "g", on: host)
    let file = try SafeTensors(decoding: host.read("g"), path: "g")
    #expect(file.tensors.map(\.name) == ["0.weight", "0.bias"])
    let metadata = Dictionary(uniqueKeysWithValues: file.metadata)
    #expect(metadata["settings"] == #"{"passes":4,"1.calls":1}"#)
    #expect(metadata["shared"] == #"{"2":"0"}"#)
    #expect(metadata["2.weight"] == "0.weight")
  }

  @Test("files of the first format give what they gave")
  func firstFormat() throws {
    let host = MemoryHost()
    let (shared, drop) = try layers()
    let g = Sequential([shared, drop, shared])
    var tensors = g.parameters.map { (name: $0.path, tensor: $0.parameter.value) }
    tensors.append(("1.calls", try Tensor(scalar: Int32(7))))
    let architecture = try #require(g.architecture).text
    host.files["old"] = SafeTensors(
      tensors.compactMap { name, tensor in tensor.map { (name, $0) } },
      metadata: [("format", "limbeck model 1"), ("architecture", architecture)]
    ).encoded()
    let h = try Layer.load(from: "old", on: host)
    #expect(h.parameters.count == 2)
    #expect(h.settings.first { $0.path == "1.calls" }?.setting.value == 7)

    let raw = try Networks.smallCNN(classes: 2, key: key)
    let x = Variable(try tensor(1, 1, 8, 8))
    let wanted = try raw.call(x).value.array(Float.self)
    host.files["raw"] = SafeTensors(
      raw.parameters.compactMap { path, parameter in parameter.value.map { (path, $0) } },
      metadata: [("format", "limbeck model 1")]
    ).encoded()
    let now = try Networks.smallCNN(classes: 2, key: key["other"])
    try now.load(weights: "raw", on: host)
    #expect(try now.call(x).value.array(Float.self) == wanted)
  }

  @Test("input_scale, which only files of earlier versions have, is loaded and saved again")
  func inputScale() throws {
    let host = MemoryHost()
    let mean = try Tensor([120, 110] as [Float], shape: [1, 2, 1, 1])
    host.files["old"] = SafeTensors(
      [("mean", mean)],
      metadata: [
        ("format", "limbeck model 2"),
        ("architecture", #"{"kind":"input_scale","scale":255,"channels":2}"#),
      ]
    ).encoded()
    let g = try Layer.load(from: "old", on: host)
    let x = try tensor(1, 2, 3, 3)
    let wanted = try (x * 255 - mean).array(Float.self)
    #expect(try g.call(Variable(x)).value.array(Float.self) == wanted)
    try g.save(to: "new", on: host)
    let h = try Layer.load(from: "new", on: host)
    #expect(h.fingerprint == g.fingerprint && h.architecture == g.architecture)
  }

  @Test("one tensor that a file holds twice must be the same twice")
  func contradiction() throws {
    let host = MemoryHost()
    let (shared, _) = try layers()
    let g = Sequential([shared, shared])
    let (w, b) = (try tensor(3, 3), try tensor(3))
    let names = [("0.weight", w), ("1.weight", w), ("0.bias", b)]
    host.files["same"] = SafeTensors(names.map { ($0.0, $0.1) }).encoded()
    try g.load(weights: "same", on: host)
    #expect(shared.weight.value?.array(Float.self) == w.array(Float.self))
    host.files["two"] = SafeTensors(
      names.map { ($0.0, $0.1) } + [("1.bias", try Tensor(zeros: [3]))]
    ).encoded()
    let failure = #expect(throws: Failure.self) { try g.load(weights: "two", on: host) }
    #expect(
      failure?.message
        == "load: \"0.bias\" and \"1.bias\" are one tensor in the model and two that differ in two")
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
    let one = try tensor(1)
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
