import Formats
import Gradients
import Host
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct FileTests {
  private func network() throws -> Layer {
    var options = WeightOptions()
    options.initializer = .normal(0.01)
    options.rates = (10, 20)
    return Sequential([
      try Normalize(mean: [0.1, -0.2], deviation: [0.5, 2]),
      try Conv(
        filters: 4, size: (3, 2), window: Window(stride: [2], padding: [0, 1, 0, 1]), key: key),
      try BatchNorm(), Networks.relu, try Networks.pool(2, stride: 2), LocalResponseNorm(),
      Residual(try Conv(filters: 4, size: (1, 1), window: Window(), key: key["r"])),
      try Dropout(rate: 0.3, key: key), Networks.flatten,
      try Dense(units: 3, options: options, key: key["d"]),
    ])
  }

  @Test("a network comes back whole: weights, buffers, options, what is frozen")
  func roundTrip() throws {
    let host = MemoryHost()
    let g = try network()
    let x = Variable(try tensor(4, 2, 9, 9))
    _ = try g.call(x, training: true)
    g.parameters[0].parameter.isFrozen = true
    try g.save(to: "g", on: host)
    let h = try Layer.load(from: "g", on: host)
    #expect(h.fingerprint == g.fingerprint)
    #expect(h.architecture == g.architecture)
    #expect(h.parameters.map(\.parameter.isFrozen) == g.parameters.map(\.parameter.isFrozen))
    #expect(h.parameters.last?.parameter.rateMultiplier == 20)
    #expect(try h.call(x).value.array(Float.self) == g.call(x).value.array(Float.self))
  }

  @Test("a network saved before its first call starts with the same weights")
  func unsized() throws {
    let host = MemoryHost()
    let g = try network()
    try g.save(to: "g", on: host)
    let h = try Layer.load(from: "g", on: host)
    let x = Variable(try tensor(1, 2, 9, 9))
    #expect(try h.call(x).value.array(Float.self) == g.call(x).value.array(Float.self))
  }

  @Test("a network with a function is loaded into one that has been made")
  func custom() throws {
    let host = MemoryHost()
    func make(_ key: RandomKey) throws -> Layer {
      let body = try Dense(units: 2, key: key, inputs: 2)
      return Custom(parts: [("body", .layer(body))], script: "f") { _, x, _ in
        .tensor(try body.call(x[0]))
      }
    }
    let g = try make(key)
    try g.save(to: "g", on: host)
    let failure = #expect(throws: Failure.self) { try Layer.load(from: "g", on: host) }
    #expect(
      failure?.message == "load: g holds weights, and not how the model is built")
    let h = try make(key["other"])
    try h.load(weights: "g", on: host)
    #expect(h.fingerprint == g.fingerprint)
    let wide = try Dense(units: 3, key: key, inputs: 2)
    let misfit = #expect(throws: Failure.self) { try wide.load(weights: "g", on: host) }
    #expect(misfit?.message == "load: g has no \"weight\", which the model has")
  }

  @Test("every truncation and every broken header is a clear error")
  func damage() throws {
    let host = MemoryHost()
    let g = try Dense(units: 2, key: key, inputs: 2)
    try g.save(to: "g", on: host)
    let bytes = try host.read("g")
    for count in 0..<bytes.count {
      let failure = #expect(throws: Failure.self) {
        try SafeTensors(decoding: Array(bytes.prefix(count)), path: "g")
      }
      #expect(failure?.kind == "file-format")
    }
    var long = bytes
    long.append(0)
    #expect(throws: Failure.self) { try SafeTensors(decoding: long, path: "g") }
    // Whatever one byte of the header becomes, reading ends in an error or an answer.
    for i in 0..<200 {
      for value in [0, 34, 57, 123, 255] as [UInt8] {
        var broken = bytes
        broken[i] = value
        host.files["g"] = broken
        _ = try? Layer.load(from: "g", on: host)
      }
    }
  }
}
