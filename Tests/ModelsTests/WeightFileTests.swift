import Formats
import Gradients
import Host
import Tensors
import TestSupport
import Testing

@testable import Models

/// What files contain besides tensors, files of earlier versions, and files of other programs.
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
}
