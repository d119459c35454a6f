import Host
import Testing

@testable import Formats
@testable import Models

/// Networks of MatConvNet that are wrong in one place, which the error names.
@Suite struct MatConvNetErrorTests {
  private typealias Fields = [(String, MATValue)]

  private func structs(_ fields: Fields) -> MATValue {
    .structs(MATStructs(shape: [1, 1], fields: fields.map(\.0), values: fields.map(\.1)))
  }
  private func cell(_ values: [MATValue]) -> MATValue {
    .cells(MATCells(shape: [1, values.count], values: values))
  }
  private func numbers(_ shape: [Int], _ values: [Double]? = nil) -> MATValue {
    let values = values ?? [Double](repeating: 0.5, count: shape.reduce(1, *))
    let bytes = values.flatMap { x in (0..<8).map { UInt8(x.bitPattern >> (8 * $0) & 255) } }
    return .numbers(MATNumbers(shape: shape, type: .float64, bytes: bytes[...]))
  }

  /// Two convolutions, of which `change` makes something else.
  private func layers(_ change: (inout [Fields]) -> Void = { _ in }) -> MATValue {
    var layers: [Fields] = [
      [
        ("type", .text("conv")), ("name", .text("conv1")),
        ("weights", cell([numbers([3, 3, 2, 4]), numbers([1, 4])])),
        ("pad", numbers([1, 1])), ("stride", numbers([1, 1], [1])),
      ],
      [("type", .text("relu")), ("name", .text("relu1"))],
      [
        ("type", .text("conv")), ("name", .text("conv2")),
        ("weights", cell([numbers([1, 1, 4, 3]), numbers([3, 1])])),
      ],
    ]
    layers[0][3].1 = numbers([1, 1], [1])
    change(&layers)
    return cell(layers.map(structs))
  }

  private func message(_ net: Fields) -> String? {
    #expect(throws: Failure.self) {
      let field = MATField(value: structs(net), path: "net", file: "n.mat")
      let chain = try MatConvNetNetwork(simple: field)
      let meta = try MatConvNetMeta(field)
      _ = try meta.inputLayer(channels: chain.inputs)
      _ = try meta.imageShape(channels: chain.inputs)
      _ = try meta.classes()
    }?.message
  }
  private func message(_ change: (inout [Fields]) -> Void) -> String? {
    message([("layers", layers(change))])
  }
  private func set(_ fields: inout Fields, _ name: String, _ value: MATValue?) {
    fields.removeAll { $0.0 == name }
    if let value { fields.append((name, value)) }
  }

  @Test("what is missing is named with its path")
  func missing() {
    #expect(
      message([("meta", .empty)]) == "load: n.mat: net: has no field layers; it has meta")
    #expect(
      message { set(&$0[1], "type", nil) }
        == "load: n.mat: net.layers{2}: has no field type; it has name")
    #expect(
      message { set(&$0[1], "type", .text("")) }
        == "load: n.mat: net.layers{2}: its field type is empty")
    #expect(
      message { set(&$0[2], "weights", nil) }
        == "load: n.mat: net.layers{3}: the layer conv2 has no filters")
    #expect(
      message {
        $0[1] = [
          ("type", .text("bnorm")), ("name", .text("n")),
          ("weights", cell([numbers([4, 1]), numbers([4, 1])])),
        ]
      } == "load: n.mat: net.layers{2}: the layer n has no moments")
  }

  @Test("options that are left out have the defaults of vl_simplenn_tidy")
  func defaults() throws {
    let layers = layers {
      set(&$0[0], "pad", nil)
      set(&$0[0], "stride", nil)
      $0[1] = [("type", .text("lrn")), ("name", .text("n"))]
      $0.append([
        ("type", .text("pool")), ("name", .text("p")), ("pool", numbers([1, 2], [2, 2])),
      ])
      $0.append([("type", .text("dropout")), ("name", .text("d"))])
    }
    let field = MATField(value: structs([("layers", layers)]), path: "net", file: "n.mat")
    let made = try MatConvNetNetwork(simple: field).model().children.map(\.layer.label)
    #expect(
      made == [
        "conv(4, 3, algorithm: \"direct\")", "lrn(size: 5, k: 1.0, alpha: 2e-05)", "conv(3, 1)",
        "max_pool(2, stride: 1)",
        "dropout(0.5)",
      ])
  }

  @Test("fields of another type are named with their paths")
  func types() {
    #expect(
      message([("layers", numbers([1, 2]))])
        == "load: n.mat: net.layers: wants a cell, got float64 [1, 2]")
    #expect(
      message([("layers", cell([.text("conv")]))])
        == "load: n.mat: net.layers{1}: wants a struct, got text")
    #expect(
      message { set(&$0[1], "type", numbers([1, 1])) }
        == "load: n.mat: net.layers{2}.type: wants text, got float64 [1, 1]")
    #expect(
      message { set(&$0[0], "pad", .text("same")) }
        == "load: n.mat: net.layers{1}.pad: wants numbers, got text")
    #expect(
      message { set(&$0[0], "pad", numbers([1, 3])) }
        == "load: n.mat: net.layers{1}.pad: wants 1 or 2 or 4 whole numbers of 0 to 65536, got [0.5, 0.5, 0.5]"
    )
    #expect(
      message { set(&$0[0], "weights", cell([.unread("an object of class gpuArray"), .empty])) }
        == "load: n.mat: net.layers{1}.weights{1}: wants numbers, got an object of class gpuArray")
    #expect(
      message { set(&$0[1], "leak", .unread("a function")) }
        == "load: n.mat: net.layers{2}.leak: wants numbers, got a function")
  }

  @Test("weights that do not fit are named with their paths")
  func weights() {
    #expect(
      message { set(&$0[2], "weights", cell([numbers([1, 1, 3, 3])])) }
        == "load: n.mat: net.layers{3}.weights{1}: 3 filters of 3 channels do not fit an input of 4 channels"
    )
    #expect(
      message { set(&$0[2], "weights", cell([numbers([1, 1, 4, 3]), numbers([1, 4])])) }
        == "load: n.mat: net.layers{3}.weights{2}: wants 3 numbers, one for each channel, got [1, 4]"
    )
    #expect(
      message {
        $0[1] = [
          ("type", .text("bnorm")), ("name", .text("n")),
          ("weights", cell([numbers([4, 1]), numbers([4, 1]), numbers([4, 3])])),
        ]
      }
        == "load: n.mat: net.layers{2}.weights{3}: wants [4, 2] numbers, the mean and the deviation of each channel, got [4, 3]"
    )
  }

  @Test("unknown layers and names that occur twice are named with their paths")
  func layersAndNames() {
    #expect(
      message { set(&$0[1], "type", .text("mine")) }
        == "load: n.mat: net.layers{2}: the layer relu1 has the unknown type \"mine\""
    )
    #expect(
      message { set(&$0[2], "name", .text("conv1")) }
        == "load: n.mat: net.layers{3}: its name is conv1, which net.layers{1} has, too")
  }

  @Test("what meta says wrongly is named with its path")
  func meta() {
    #expect(
      self.message([("layers", layers()), ("meta", .text("none"))])
        == "load: n.mat: net.meta: wants a struct, got text")
    func message(_ normalization: Fields, _ classes: MATValue = .empty) -> String? {
      self.message([
        ("layers", layers()),
        ("meta", structs([("normalization", structs(normalization)), ("classes", classes)])),
      ])
    }
    #expect(
      message([("averageImage", numbers([5, 5, 3]))])
        == "load: n.mat: net.meta.normalization.averageImage: an average image of [5, 5, 3] does not fit a network for 2 channels"
    )
    #expect(
      message([("averageImage", .text("mean.mat"))])
        == "load: n.mat: net.meta.normalization.averageImage: wants numbers, got text")
    #expect(
      message([("imageSize", numbers([1, 2], [-1, 4]))])
        == "load: n.mat: net.meta.normalization.imageSize: wants the height and width of images, got [-1.0, 4.0]"
    )
    #expect(
      message([], structs([("name", cell([.text("a"), numbers([1, 2])]))]))
        == "load: n.mat: net.meta.classes.name{2}: wants text, got float64 [1, 2]")
  }
}
