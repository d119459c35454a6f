import Formats
import Gradients
import Host
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct GraphTests {
  /// Two branches of layers that are computed together, which are joined.
  private func network() throws -> Graph {
    let (add, concat) = (try #require(Function("add")), try #require(Function("concat")))
    return try Graph([
      GraphNode("conv1", try Networks.conv(4, 3, padding: [1], key["1"])),
      GraphNode("relu1", Networks.relu), GraphNode("pool1", try Networks.pool(2, stride: 2)),
      GraphNode(
        "conv2", try Conv(filters: 4, size: (1, 1), window: Window(stride: [2]), key: key["2"]),
        inputs: ["input"]),
      GraphNode("relu2", Networks.relu),
      GraphNode("sum", add, inputs: ["pool1", "relu2"]), GraphNode("relu3", Networks.relu),
      GraphNode("both", concat, inputs: ["relu3", "relu2", "sum"]),
      GraphNode("fc", try Dense(units: 3, key: key["3"])),
    ])
  }

  @Test("a graph gives the same numbers whether its layers are fused or not, and in another order")
  func fusing() throws {
    let g = try network()
    let x = Variable(try tensor(2, 3, 8, 8))
    let fused = try g.call(x).value.array(Float.self)
    let trace = Trace(fuses: false)
    let last = try Pass(training: false, trace: trace).apply(g, x, as: "").value.array(Float.self)
    #expect(fused.count == last.count && zip(fused, last).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(trace.steps.count == 10)
    let reversed = try Graph(g.nodes.reversed(), outputs: .one("fc"))
    #expect(try reversed.call(x).value.array(Float.self) == fused)
  }

  @Test("layers are computed together where one node alone takes an output")
  func chains() throws {
    let (_, wiring) = try Wiring.of(network().nodes, nil)
    #expect(wiring.chains.map(\.nodes) == [[0, 1, 2], [3, 4], [5], [6], [7, 8]])
    let relu = GraphNode("relu", Networks.relu)
    let conv = GraphNode("conv", try Networks.conv(2, 1, key))
    let (_, looked) = try Wiring.of([conv, relu], .map(["conv", "relu"]))
    #expect(looked.chains.map(\.nodes) == [[0], [1]])
  }

  @Test("what each node costs counts its inputs")
  func costs() throws {
    let rows = try network().report(on: Variable(tensor(1, 3, 8, 8)))
    let costs = Dictionary(uniqueKeysWithValues: rows.map { ($0.path, $0.operations) })
    #expect(costs["sum"] == 4 * 16 && costs["both"] == 0 && costs["fc"] == 2 * 192 * 3)
  }

  @Test("a graph comes back whole, and a damaged description is an error")
  func files() throws {
    let host = MemoryHost()
    let g = try network()
    let x = Variable(try tensor(2, 3, 8, 8))
    let y = try g.call(x).value.array(Float.self)
    try g.save(to: "g", on: host)
    let h = try Layer.load(from: "g", on: host)
    #expect(h.fingerprint == g.fingerprint && h.architecture == g.architecture)
    #expect(try h.call(x).value.array(Float.self) == y)
    let text = try #require(g.architecture).text
    for (part, other) in [
      ("[\"relu3\",\"relu2\",\"sum\"]", "[\"relu3\",\"relu9\"]"),
      ("[\"relu3\",\"relu2\",\"sum\"]", "7"), ("\"output\":\"fc\"", "\"output\":[]"),
      ("[\"input\"]", "[\"both\"]"),
    ] {
      let damaged = text.replacing(part, with: other)
      #expect(damaged != text)
      let json = try JSON(parsing: damaged.utf8, what: "g")
      let reader = ArchitectureReader(
        json, file: "g", kinds: LayerKind.all, shared: SharedLayers(firsts: [:], names: []),
        forward: { _, _, _ in throw Failure("forward", "") })
      #expect { try reader.layer() } throws: { ($0 as? Failure)?.kind == "file-format" }
    }
  }
}
