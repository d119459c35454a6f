import Tensors
import Testing

@testable import Gradients

/// `cross_entropy` with weights and smoothing against PyTorch (Reference/cross_entropy.py).
@Suite struct CrossEntropyTests {
  private struct Case {
    let smoothing: Double
    let hasClassWeights: Bool
    let hasWeights: Bool
    let loss: Double
    let gradient: [Double]
  }

  // Made by Reference/cross_entropy.py with PyTorch 2.13.0.
  private let cases = [
    Case(
      smoothing: 0, hasClassWeights: false, hasWeights: false, loss: 2.681112195962,
      gradient: [
        -0.303684394234, 0.080594172386, 0.219077674277, 0.004012547571,
        0.027531513148, 0.074838411900, 0.027531513148, -0.129901438195,
        0.292754612411, -0.331360768271, 0.024030761957, 0.014575393903,
      ]),
    Case(
      smoothing: 0, hasClassWeights: false, hasWeights: true, loss: 4.219433946137,
      gradient: [
        -0.214365454754, 0.056890004037, 0.154643064196, 0.002832386520,
        0.004858502320, 0.013206778571, 0.004858502320, -0.022923783211,
        0.619950943929, -0.701705156339, 0.050888672379, 0.030865540030,
      ]),
    Case(
      smoothing: 0, hasClassWeights: true, hasWeights: false, loss: 2.354710893704,
      gradient: [
        -0.082823016609, 0.021980228833, 0.059748456621, 0.001094331156,
        0.045051566969, 0.122462855836, 0.045051566969, -0.212565989774,
        0.319368668085, -0.361484474478, 0.026215376680, 0.015900429712,
      ]),
    Case(
      smoothing: 0, hasClassWeights: true, hasWeights: true, loss: 4.463319517236,
      gradient: [
        -0.062831253979, 0.016674656356, 0.045326415368, 0.000830182256,
        0.008544262701, 0.023225714038, 0.008544262701, -0.040314239440,
        0.726839037710, -0.822688803984, 0.059662581410, 0.036187184863,
      ]),
    Case(
      smoothing: 0.1, hasClassWeights: false, hasWeights: false, loss: 2.635278862629,
      gradient: [
        -0.278684394234, 0.072260839053, 0.210744340944, -0.004320785763,
        0.019198179815, 0.066505078566, 0.019198179815, -0.104901438195,
        0.284421279078, -0.306360768271, 0.015697428624, 0.006242060570,
      ]),
    Case(
      smoothing: 0.1, hasClassWeights: false, hasWeights: true, loss: 4.053257475549,
      gradient: [
        -0.196718395930, 0.051007651096, 0.148760711255, -0.003049966421,
        0.003387914085, 0.011736190335, 0.003387914085, -0.018512018505,
        0.602303885106, -0.648763979868, 0.033241613556, 0.013218481207,
      ]),
    Case(
      smoothing: 0.1, hasClassWeights: true, hasWeights: false, loss: 2.338702021703,
      gradient: [
        -0.074185468074, 0.017834871229, 0.068646404815, -0.012295807971,
        0.040713976210, 0.107759065853, 0.038441248938, -0.186914291001,
        0.311107778286, -0.334252095127, 0.021178383822, 0.001965933019,
      ]),
    Case(
      smoothing: 0.1, hasClassWeights: true, hasWeights: true, loss: 4.316338816416,
      gradient: [
        -0.056278630952, 0.013529902312, 0.052076582963, -0.009327854323,
        0.007721616178, 0.020437064213, 0.007290581695, -0.035449262086,
        0.708038391960, -0.760711664771, 0.048199080423, 0.004474192388,
      ]),
  ]

  @Test("values and gradients are PyTorch's")
  func constants() throws {
    let logits = try Tensor([1.0, 2, 3, -1, 0, 1, 0, 2, 3, -2, 0.5, 0], shape: [3, 4])
    let labels = try Tensor([0, 3, 1] as [Int32], shape: [3])
    for wanted in cases {
      let options = CrossEntropyOptions(
        labelSmoothing: wanted.smoothing,
        classWeights: wanted.hasClassWeights ? try Tensor([0.5, 2, 1, 3], shape: [4]) : nil,
        weights: wanted.hasWeights ? try Tensor([1, 0.25, 3], shape: [3]) : nil)
      let found = try Tape.valueAndGradients(at: [logits], caller: "grad") {
        try $0[0].crossEntropy(labels: labels, options)
      }
      #expect(abs(try found.value.number() - wanted.loss) < 1e-11)
      for (a, b) in zip(found.gradients[0].gradient.array(Double.self), wanted.gradient) {
        #expect(abs(a - b) < 1e-11)
      }
    }
  }

  @Test("a weight leaves the gradient of a sure network exact")
  func sure() throws {
    let logits = try Tensor([Float(60), 0, 1, 0, 59, -1], shape: [2, 3])
    let labels = try Tensor([0, 1] as [Int32], shape: [2])
    func gradient(_ options: CrossEntropyOptions) throws -> [Float] {
      try Tape.valueAndGradients(at: [logits], caller: "grad") {
        try $0[0].crossEntropy(labels: labels, options)
      }.gradients[0].gradient.array(Float.self)
    }
    let plain = try gradient(.init())
    let weighted = try gradient(
      .init(classWeights: Tensor([2.0, 2, 2], shape: [3]), weights: Tensor([3.0, 3], shape: [2])))
    #expect(plain[0] < 0 && plain[0] > -1e-25)
    for (a, b) in zip(plain, weighted) { #expect(abs(a - b) <= 1e-6 * abs(a)) }
  }
}
