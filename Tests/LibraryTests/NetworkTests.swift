import Language
import Models
import Testing

@testable import Library

/// The networks of stdlib/networks.lbk: the names and shapes of torchvision's, and where weights come from.
struct NetworkTests {
  private func layer(_ text: String, in session: TestSession = TestSession()) throws -> Layer {
    guard case .object(let object as ModelObject) = try session.run(text) else {
      throw TestFailure.notModel
    }
    return object.layer
  }

  private enum TestFailure: Error { case notModel }

  /// The number of tensors, and FNV-1a's digest of their names and shapes, in alphabetical order, with ? for sizes
  /// that the first images decide. Reference/networks.py printed them.
  @Test(arguments: [
    ("alexnet", 16, 0x2819_1045_5e7a_b83d as UInt64),
    ("vgg_vd_16", 32, 0xd6b8_9856_7277_1cf3),
    ("vgg_vd_19", 38, 0x62e6_7722_9119_2727),
    ("resnet18", 122, 0xea4a_1f28_6880_c792),
    ("resnet34", 218, 0x1e18_38fb_3c89_6ddc),
    ("mobilenet_v2", 314, 0xf241_bfb1_e0b9_fc4f),
  ])
  func tensorsAreTorchvisions(_ network: String, _ count: Int, _ digest: UInt64) throws {
    let g = try layer("\(network)()")
    func line(_ path: String, _ sizes: [Int?]?) -> String {
      "\(path) [\((sizes ?? []).map { $0.map(String.init) ?? "?" }.joined(separator: ", "))]"
    }
    let lines =
      g.parameters.map { line($0.path, $0.parameter.declared) }
      + g.buffers.map { line($0.path, $0.buffer.declared) }
    #expect(lines.count == count)
    let text = lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "\n")
    let found = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    #expect(found == digest)
  }

  @Test(arguments: [
    ("resnet18", 11_689_512), ("resnet34", 21_797_672), ("mobilenet_v2", 3_504_872),
  ])
  func parametersAreAsMany(_ network: String, _ count: Int) throws {
    let g = try layer("\(network)(input: [3, 32, 32])")
    #expect(g.parameterCount == count)
    #expect(g.inputShape == [3, 32, 32])
  }

  @Test func anotherModelGivesWhatFits() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      let f = resnet18(classes: 5, input: [3, 32, 32])
      freeze(f)
      f.passes = 3
      f.classes = ["a", "b", "c", "d", "e"]
      let g = resnet18(classes: 3, from: f)
      let x = uniform(2, 3, 32, 32)
      let same = resnet18(from: f)
      let frozen = split_text(split_text(trim(summary(same).csv), "\\n")[-1], ",")[4]
      [
        all(features(f, x, at: "avgpool") == features(g, x, at: "avgpool")), g(x).shape, g.head,
        max(abs(same(x) - f(x))).item(), same.passes, same.classes, frozen, g.classes,
      ]
      """)
    #expect(
      shown.printed
        == #"[true, [2, 3], dense(3): 1,539 parameters, 0, 0, ["a", "b", "c", "d", "e"], "0", nil]"#
    )
    #expect(
      session.host.reported.hasPrefix(
        "note: load: the other model: 120 tensors taken; not of this size: \"fc.weight\" "
          + "([5, 512] in the other model, [3, ?] here), \"fc.bias\" ([5] in the other model, [3] here)\n"
      ))
  }

  @Test func aFileGivesAllButTheLastLayer() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      let f = mlp(classes: 4, hidden: [6], input: 5)
      f.classes = ["a", "b", "c", "d"]
      save(f, "f.safetensors")
      let tensors = {}
      for path, w in f.parameters { tensors[path] = w }
      write(tensors, "f.npz")
      let g = mlp(classes: 4, hidden: [6], weights: "f.npz")
      let h = mlp(classes: 3, hidden: [6], weights: "f.safetensors")
      let k = load("f.npz", into: mlp(classes: 9, hidden: [6]), fit: "outputs")
      let x = ones(1, 5)
      [all(f(x) == g(x)), all(features(f, x, at: "relu1") == features(h, x, at: "relu1")), h(x).shape, all(k(x) == f(x)),
        mlp(classes: 4, hidden: [6], weights: "f.safetensors").classes]
      """)
    #expect(shown.printed == #"[true, true, [1, 3], true, ["a", "b", "c", "d"]]"#)
    #expect(
      session.host.reported
        == "note: mlp: 4 classes in the file, 3 here: the last layer starts from new weights\n")
    #expect(
      session.error("mlp(classes: 4, hidden: [7], weights: \"f.npz\")").hasPart(
        "load: \"fc1.weight\" is [6, 5] in f.npz and [7, ?] in the model"))
  }

  @Test func layersThatAreNumberedAreTakenInOrder() throws {
    let session = TestSession()
    let make =
      "fn make() { sequential({fc1: dense(4), bn: batch_norm(), "
      + "act: sequential([relu, dropout(0.5)]), fc2: dense(2)}) }\n"
    let shown = try session.display(
      make + """
        let f = sequential([dense(4), batch_norm(), relu, dropout(0.5), dense(2)], input: 3)
        freeze(f, "0")
        save(f, "f.safetensors")
        let g = load("f.safetensors", into: make())
        assert(all(f(ones(1, 3)) == g(ones(1, 3))))
        g.parameters
        """)
    #expect(
      shown.hasPrefix("fc1.weight  [4, 3]  frozen\nfc1.bias  [4]  frozen\nbn.weight  [4]\n"))
    #expect(
      session.host.reported
        == "note: load: f.safetensors numbers its layers, which are taken in order\n")
    #expect(
      session.error(make + "load(\"f.safetensors\", into: make(), fit: \"partial\")").hasPart(
        "none of the model's layers is in f.safetensors"))
    #expect(
      session.error("load(\"f.safetensors\", into: sequential({a: dense(4), b: dense(2)}))")
        .hasPart("load: f.safetensors has no \"a.weight\", which the model has"))
  }

  @Test func aDenseLayerTakesAConvolutionOverTheWholeImage() throws {
    let shown = try shown(
      """
      let f = sequential({fc6: conv(4, 3), flatten: flatten, fc8: dense(2)}, input: [2, 3, 3])
      let g = load(f, into: sequential({flatten: flatten, fc6: dense(4), fc8: dense(2)}))
      let x = uniform(2, 2, 3, 3)
      max(abs(f(x) - g(x))).item() < 1e-6
      """)
    #expect(shown == "true")
  }

  @Test func whatDoesNotGoTogetherIsRefused() {
    #expect(
      failure("resnet18(weights: \"imagenet\")")
        == "\"resnet18\" has no published weights")
    #expect(
      failure("resnet18(weights: \"a.pth\", from: resnet18())")
        == "resnet18: give weights or from, not both")
    #expect(
      failure("resnet18(weights: 3)") == "resnet18: weights must be a string or nil, got number")
    #expect(
      failure("vgg_m(input: [3, 32, 32])")
        == "max_pool: a window of 3 x 3 does not fit into images of 1 x 1")
    #expect(
      failure("load(dense(2, input: 3))").hasPart(
        "load: into must be a model, which takes the weights of another one"))
    #expect(
      failure("load(dense(2, input: 3), into: dense(2, input: 4))")
        == "load: \"weight\" is [2, 3] in the other model and [2, 4] in the model")
    #expect(failure("dropout(ones(3), 0.5, key: \"a\")").hasPart("dropout: key must be left out"))
  }

  /// A file of MatConvNet's layout, whose fully connected layers are convolutions, goes into a network as vgg_m's do.
  @Test func weightsOfMatConvNetGoIntoANetwork() throws {
    let data =
      #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/ModelsTests/Data"
    let session = TestSession()
    let shown = try session.run(
      """
      fn tiny(classes = nil, weights = nil, input = nil, from = nil) {
        let options = {classes: classes, weights: weights, input: input, from: from}
        networks.made("tiny", options, count -> new_head(count), fn(count) {
          sequential({
            conv1: conv(8, 3, stride: [2, 1], padding: [1, 0, 2, 1]), relu1: relu, norm1: lrn(5, k: 2, alpha: 0.1),
            pool1: max_pool([3, 2], stride: 2, padding: [0, 1, 0, 1]),
            conv2: conv(8, 3, padding: 1, groups: 2, dilation: [1, 2]), relu2: leaky_relu(0.2),
            pool2: avg_pool(3, stride: 2, padding: 1, count_padding: false), bn2: batch_norm(epsilon: 1e-4),
            flatten: flatten, fc6: dense(6), relu6: relu, dropout6: dropout(0.5), fc8: new_head(count),
          })
        })
      }
      let g = tiny(weights: "\(data)/released.mat", input: [3, 24, 20])
      let f = load("\(data)/released.mat")
      g["relu2"] = leaky_relu(0.1)
      let x = uniform(2, 3, 24, 20)
      let few = tiny(weights: "\(data)/released.mat", classes: 3)
      [max(abs(g(x) - f(x))).item() < 1e-4, keys(g.layers)[0], len(g.classes), few(x).shape, few.classes]
      """)
    #expect(shown.printed == #"[true, "normalization", 5, [2, 3], nil]"#)
    #expect(
      session.host.reported.contains(
        "note: tiny: relu2 is leaky_relu(0.1) in the file and leaky_relu(0.2) here\n"))
  }

  @Test func theLayersInFrontOfAnotherModelGoInFront() throws {
    let shown = try shown(
      """
      let f = sequential({mean: normalize(mean: 0.5), fc1: dense(2)}, input: [1, 2, 2])
      keys(networks.fronted(sequential({fc1: dense(2), more: relu}), f).layers)
      """)
    #expect(shown == #"["mean", "fc1", "more"]"#)
  }
}
