import Gradients
import Host
import Language
import Tensors

private let images = Argument("x", .tensor, "the images of a batch, [n, c, h, w]")
private let records = Argument("x", .tensor, "the images of a batch, or other records [n, ...]")
private let labels = Argument(
  "y", .targets, "their labels, [n], or a distribution for each, [n, classes]")
private let classes = Argument(
  "classes", .optional(.whole(1...)), "the number of classes, which labels need", named: true)
private let alpha = Argument(
  "alpha", .number(above: 0, through: 1e6), default: 1,
  "α of the distribution Beta(α, α) that the share of a record is drawn from", named: true)

/// `mixup`, `cutmix`.
func mixingBuiltins(_ library: Library) -> [Builtin] {
  func builtin(
    _ name: String, _ summary: String, details: String, searchTerms: [String],
    _ x: Argument<Variable>, examples: [Example],
    mix: @escaping (RandomKey, _ x: Variable, _ share: Double) throws -> BatchMix
  ) -> Builtin {
    Builtin(
      name, summary, details: details, searchTerms: ["augmentation", "soft labels"] + searchTerms,
      [x, labels, classes, alpha], result: "list of the mixed x and targets [n, classes]",
      examples: examples
    ) { call in
      let (x, targets) = (try call[x], try call.distributions(name))
      guard x.dtype.isFloating, x.shape.first == targets.shape[0] else {
        throw Failure(
          x.dtype.isFloating ? "shape" : "dtype",
          "\(name): x must be \(targets.shape[0]) float32 records, as many as the labels, got "
            + "\(Tensor.describe(x.shape)) of \(x.dtype.name)", argument: 0)
      }
      return try library.random.draw { key in
        let mix = try mix(key, x, key["share"].beta(call[alpha]))
        return .list(List([Value(try mix.mixed(x)), Value(try mix.targets(targets))]))
      }
    }
  }

  return [
    builtin(
      "mixup", "Mixes each record of a batch with another one, and their labels with them.",
      details: """
        Zhang and others, 2018: x becomes λ x + (1 - λ) x[order], and the targets alike, with one λ and one \
        order for the batch. The result is for the loss of a training step:

            train(g, A, loss: fn(g, x, y) {
              let mixed, targets = mixup(x, y, classes: 10, alpha: 0.2)
              cross_entropy(g(mixed), targets)
            })

        The numbers come from the session's, as those of `randn`.
        """,
      searchTerms: ["MixUp", "interpolation"], records,
      examples: [
        Example(
          "let x, t = mixup(ones(4, 1, 2, 2), [0, 1, 1, 2], classes: 3)\n[x.mean(), sum(t, axis: 1)]",
          "[1, tensor [4] float32 [1, 1, 1, 1]]")
      ]
    ) { key, x, share in BatchMix(key["order"].permutation(x.shape[0]), share: share) },
    builtin(
      "cutmix",
      "Pastes a rectangle of another image into each image of a batch, and mixes the labels.",
      details: """
        Yun and others, 2019: the rectangle covers 1 - λ of the image, is centred on a random pixel and cut \
        at the border; the targets are mixed by the area that is left. It is used like `mixup`.
        """,
      searchTerms: ["CutMix", "paste"], images,
      examples: [
        Example(
          "let x, t = cutmix(ones(4, 1, 8, 8), [0, 1, 1, 2], classes: 3)\n[x.mean(), sum(t, axis: 1)]",
          "[1, tensor [4] float32 [1, 1, 1, 1]]")
      ]
    ) { key, x, share in
      guard x.shape.count == 4, x.shape[2] >= 1, x.shape[3] >= 1 else {
        throw Failure(
          "shape", "cutmix: images must be [n, c, h, w], got \(Tensor.describe(x.shape))",
          argument: 0)
      }
      let (height, width) = (x.shape[2], x.shape[3])
      return BatchMix(
        key["order"].permutation(x.shape[0]), share: share, height: height, width: width,
        around: (key["centre"].below(width, 0), key["centre"].below(height, 1)))
    },
  ]
}

extension Call {
  /// The targets of a batch as distributions over the classes.
  fileprivate func distributions(_ name: String) throws -> Variable {
    let (targets, count) = (try self[labels], try self[classes])
    if targets.shape.count == 2 {
      guard targets.dtype.isFloating, count == nil || count == targets.shape[1] else {
        throw wrong(
          labels,
          "labels, or float32 distributions over the classes: [n, \(count.map(String.init) ?? "classes")]"
        )
      }
      return targets
    }
    guard let count else {
      throw Failure(
        "argument", "\(name): labels need the number of classes",
        hint: "\(name)(x, y, classes: 10)")
    }
    return Variable(try targets.cut(by: name).oneHot(count))
  }
}
