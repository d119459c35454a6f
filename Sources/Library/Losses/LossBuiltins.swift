import Gradients
import Host
import Language
import Tensors

private let logits = Argument("logits", .reducible, "[n, classes]")
private let labels = Argument(
  "labels", .targets, "whole numbers from 0, [n], or a distribution for each record, [n, classes]")
private let reduction = Argument(
  "reduction", ArgumentType<LossReduction>.choice, default: "mean",
  "what is made of the losses: \"mean\", \"sum\", or \"none\", which gives all of them", named: true
)
private let smoothing = Argument(
  "label_smoothing", .number(0...1), default: 0,
  "the share of a label that is spread over all classes", named: true)
private let classWeights = Argument(
  "class_weights", .optional(.reducible), "a number, 0 or more, for each class", named: true)
private let weights = Argument(
  "weights", .optional(.reducible), "a number, 0 or more, for each record", named: true)
private let student = Argument("student", .reducible, "logits [n, classes]")
private let teacher = Argument("teacher", .reducible, "logits [n, classes]")
private let temperature = Argument("T", .number(above: 0), default: 10, "the temperature")
private let a = Argument("a", .reducible, "a tensor or list")
private let b = Argument("b", .reducible, "another of the same shape")

/// The loss functions, each of which returns one number for a batch.
func lossBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "cross_entropy",
      "Computes the mean over the batch of -log softmax(logits)[label].",
      details: """
        With weights it is a weighted mean: a record counts as much as its own weight times the weight \
        of its class. `label_smoothing` ε changes the target to 1 - ε for the label plus ε / classes for \
        each class, and the weight of a class applies to its share of the target, as in PyTorch. A \
        distribution as the label is compared as a whole, -Σ t log softmax(logits); its mean is over \
        records whatever the class weights.
        """,
      searchTerms: ["loss", "softmax loss", "negative log likelihood", "NLL", "classification"],
      [logits, labels, smoothing, classWeights, weights, reduction],
      result: "tensor []; [n] without a reduction",
      examples: [
        Example(
          "cross_entropy(zeros(1, 2), tensor([1], dtype: \"int32\")).item() == log(2)", "false"),
        Example("f\"{cross_entropy(zeros(3, 10), zeros(3, dtype: \"int32\")):.4f}\"", "\"2.3026\""),
        Example("cross_entropy([[0, 0]], [1], weights: [3]).item() < 0.7", "true"),
        Example(
          "round(cross_entropy(zeros(2, 2), [0, 1], reduction: \"none\"), 4)",
          "tensor [2] float32\n[0.6931, 0.6931]"),
        Example("round(cross_entropy([[0, 0]], [[0.5, 0.5]]), 4)", "0.6931"),
      ]
    ) { call in
      let options = CrossEntropyOptions(
        labelSmoothing: try call[smoothing],
        classWeights: try call[classWeights]?.cut(by: "cross_entropy"),
        weights: try call[weights]?.cut(by: "cross_entropy"), reduction: try call[reduction])
      let targets = try call[labels]
      if targets.shape.count == 2 {
        return Value(try call[logits].crossEntropy(targets: targets, options))
      }
      do {
        return Value(
          try call[logits].crossEntropy(labels: targets.cut(by: "cross_entropy"), options))
      } catch var failure as Failure where failure.kind == "labels" {
        failure.argument = call.index(of: labels)
        throw failure
      }
    },
    Builtin(
      "distillation",
      "Computes the mean over the batch of the cross-entropy to a teacher's softened output.",
      details: """
        It is H(softmax(t / T), softmax(s / T)), without the factor T² of Hinton et al. (2015): include \
        it in the weight that you give the term.
        """,
      searchTerms: [
        "loss", "KL divergence", "Kullback-Leibler", "temperature", "softmax with temperature",
        "soft targets", "knowledge distillation",
      ],
      [student, teacher, temperature], result: "tensor []",
      examples: [
        Example("f\"{distillation(zeros(1, 2), tensor([[5, -5]]), T: 4):.4f}\"", "\"0.6931\"")
      ]
    ) { call in
      Value(
        try call[student].distillation(teacher: call[teacher], temperature: call[temperature]))
    },
    Builtin(
      "mse", "Computes the mean of the squared differences of two tensors.",
      searchTerms: ["loss", "mean squared error", "L2 loss", "regression"], [a, b, reduction],
      result: "tensor []; without a reduction the shape of both",
      examples: [
        Example("mse(zeros(2), tensor([1, 3])).item()", "5"),
        Example("mse([0, 0], [1, 3], reduction: \"none\")", "tensor [2] float32\n[1, 9]"),
      ]
    ) { Value(try $0[a].squaredErrors($0[b], $0[reduction])) },
  ]
}

extension ArgumentType where T == Variable {
  /// Labels, or a distribution over the classes for each record.
  static var targets: Self {
    Self(ParameterType.reducible.named("tensor or list of whole numbers, or of distributions")) {
      let given = try TensorObject.tensorOf($0)
      return given.shape.count == 2 ? given : try ArgumentType.labels.read($0)
    }
  }
}
