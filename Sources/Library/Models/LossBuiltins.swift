import Gradients
import Host
import Language
import Tensors

/// `cross_entropy`, `distillation`, `mse`.
func lossBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "cross_entropy", area: "losses",
      "Gives the mean over the batch of -log softmax(logits)[label].",
      [
        .required("logits", .tensor, "[n, classes]"),
        .required("labels", .tensor, "whole numbers from 0, [n]"),
      ], result: "tensor []",
      examples: [
        Example(
          "cross_entropy(zeros(1, 2), tensor([1], dtype: \"int32\")).item() == log(2)", "false"),
        Example("f\"{cross_entropy(zeros(3, 10), zeros(3, dtype: \"int32\")):.4f}\"", "\"2.3026\""),
      ]
    ) { call in
      let labels = try call.constant("labels")
      do {
        return Value(try call.variable("logits").crossEntropy(labels: labels))
      } catch var failure as Failure where failure.kind == "labels" {
        failure.argument = 1
        throw failure
      }
    },
    Builtin(
      "distillation", area: "losses",
      "Gives the mean over the batch of the cross-entropy to a teacher's softened output.",
      details: """
        H(softmax(t / T), softmax(s / T)), without the factor T² of Hinton et al. (2015): the weight \
        that you give the term carries it.
        """,
      [
        .required("student", .tensor, "logits [n, classes]"),
        .required("teacher", .tensor, "logits [n, classes]"),
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
      "mse", area: "losses", "Gives the mean of the squared differences of two tensors.",
      [
        .required("a", .tensor, "a tensor"), .required("b", .tensor, "another of the same shape"),
      ], result: "tensor []", examples: [Example("mse(zeros(2), tensor([1, 3])).item()", "5")]
    ) { Value(try $0.variable("a").meanSquaredError($0.variable("b"))) },
  ]
}
