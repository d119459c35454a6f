import Gradients
import Host
import Language
import Tensors

/// `cross_entropy`, `distillation`, `mse`.
func lossBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "cross_entropy",
      "Gives the mean over the batch of -log softmax(logits)[label].",
      details: """
        With weights it is a weighted mean: a record counts as much as its own weight times that of its \
        label's class. `label_smoothing` ε makes the target 1 - ε for the label and ε / classes for each \
        class, and a class's weight goes with its part, as in PyTorch.
        """,
      [
        .required("logits", .reducible, "[n, classes]"),
        .required("labels", .reducible, "whole numbers from 0, [n]"),
        .optional(
          "label_smoothing", .number, .number(0), "the part of a label that all classes share",
          namedOnly: true),
        .optional(
          "class_weights", .reducible | .none, .nil, "a number from 0 up for each class",
          namedOnly: true),
        .optional(
          "weights", .reducible | .none, .nil, "a number from 0 up for each record",
          namedOnly: true),
      ], result: "tensor []",
      examples: [
        Example(
          "cross_entropy(zeros(1, 2), tensor([1], dtype: \"int32\")).item() == log(2)", "false"),
        Example("f\"{cross_entropy(zeros(3, 10), zeros(3, dtype: \"int32\")):.4f}\"", "\"2.3026\""),
        Example("cross_entropy([[0, 0]], [1], weights: [3]).item() < 0.7", "true"),
      ]
    ) { call in
      let labels = try call.labels("labels")
      let options = CrossEntropyOptions(
        labelSmoothing: try call.number("label_smoothing"),
        classWeights: call.isNil("class_weights") ? nil : try call.constant("class_weights"),
        weights: call.isNil("weights") ? nil : try call.constant("weights"))
      do {
        return Value(try call.variable("logits").crossEntropy(labels: labels, options))
      } catch var failure as Failure where failure.kind == "labels" {
        failure.argument = 1
        throw failure
      }
    },
    Builtin(
      "distillation",
      "Gives the mean over the batch of the cross-entropy to a teacher's softened output.",
      details: """
        H(softmax(t / T), softmax(s / T)), without the factor T² of Hinton et al. (2015): the weight \
        that you give the term carries it.
        """,
      [
        .required("student", .reducible, "logits [n, classes]"),
        .required("teacher", .reducible, "logits [n, classes]"),
        .optional("T", .number, .number(10), "the temperature, above 0"),
      ], result: "tensor []",
      examples: [
        Example("f\"{distillation(zeros(1, 2), tensor([[5, -5]]), T: 4):.4f}\"", "\"0.6931\"")
      ]
    ) { call in
      Value(
        try call.variable("student").distillation(
          teacher: call.variable("teacher"), temperature: call.number("T")))
    },
    Builtin(
      "mse", "Gives the mean of the squared differences of two tensors.",
      [
        .required("a", .reducible, "a tensor or list"),
        .required("b", .reducible, "another of the same shape"),
      ], result: "tensor []", examples: [Example("mse(zeros(2), tensor([1, 3])).item()", "5")]
    ) { Value(try $0.variable("a").meanSquaredError($0.variable("b"))) },
  ]
}
