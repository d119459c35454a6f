import Language
import Models
import Testing

@testable import Library

/// Networks whose weights are in use start from the weights they had before random scopes. The digests are of
/// Limbeck's files of then; `Reference/weights.py` says how they were made.
struct StartingWeightsTests {
  @Test(arguments: [
    ("seed(0)", "small_cnn(classes: 10, input: [1, 28, 28])", "f7d9101fa6dbc4921c187d538e590b28"),
    (
      "seed(0)\nsmall_cnn(classes: 10)", "small_cnn(classes: 10, input: [1, 28, 28])",
      "492cba408f06032c3317b43b960c1e23"
    ),
    // Its layers were numbered then.
    ("seed(7)", "vgg_m(classes: 5)", "00fea06a6c016b07a33ca06940ad78de"),
  ])
  func networksStartAsTheyDid(_ before: String, _ network: String, _ digest: String) throws {
    let value = try TestSession().run(
      "\(before)\nrandn(3)\nlet g = \(network)\ng(zeros(1, \(network.hasPrefix("vgg") ? "3, 64, 64" : "1, 28, 28")))\nsequential(values(g.layers))"
    )
    guard case .object(let object as ModelObject) = value else {
      Issue.record("\(network) gives \(value.brief)")
      return
    }
    #expect(object.layer.fingerprint.text == digest)
  }
}
