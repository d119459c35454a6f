import Gradients
import Host
import Language
import Models
import Tensors

private let loss = Argument("loss", .callable, "a function whose value is one number")
private let point = Argument("at", .point, "where the gradient is taken")
private let guided = Argument(
  "guided", .bool, default: false,
  "whether relu and relu6 pass only the positive part of a gradient back", named: true)
private let x = Argument("x", .tensor, "a tensor")
private let scale = Argument(
  "scale", .number, default: 1, "what the gradient is multiplied by, besides -1")

/// The builtins that compute gradients of functions.
func gradientBuiltins(_ library: Library) -> [Builtin] {
  let details = """
    At a tensor the function takes one argument, at a list of tensors one for each. At a model it takes \
    none, and the gradient is a map from parameter path to tensor, which is what `step` takes; parameters \
    that the loss does not use are not in it. Models run in evaluation mode. Only first-order gradients \
    are computed. A gradient that does not arrive is an error that names what cut it. At a tensor, \
    convolutions are computed by algorithms that round alike everywhere, so that equal places of an image \
    stay equal; docs/gradients.md tells what the gradient is at corners and ties. With `guided` the result \
    at a tensor is that of guided backpropagation (Springenberg and others, 2015), which is not the \
    gradient: see `saliency.guided`.
    """
  return [
    Builtin(
      "grad", "Computes the gradient of a function.", details: details,
      searchTerms: ["gradient", "autograd", "backward", "derivative", "differentiate"],
      [loss, point, guided], result: "tensor, list of tensors, or map",
      examples: [
        Example("grad(x -> sum(x ^ 2), at: tensor([1, 2]))", "tensor [2] float32\n[2, 4]"),
        Example(
          "let g = dense(1, input: 2)\nkeys(grad(() -> sum(g(ones(1, 2))), at: g))",
          "[\"weight\", \"bias\"]"),
      ]
    ) { try differentiate($0).gradient },
    Builtin(
      "value_and_grad", "Computes the value of a function and its gradient.",
      details: details, searchTerms: ["gradient", "autograd", "backward"],
      [loss, point, guided],
      result: "list [value, gradient]",
      examples: [
        Example("let v, d = value_and_grad(x -> sum(x ^ 2), at: tensor([1, 2]))\nv.item()", "5")
      ]
    ) { call in
      let (value, gradient) = try differentiate(call)
      return .list(List([Value(value), gradient]))
    },
    Builtin(
      "stop_gradient", "Gives the same tensor as a constant, through which no gradient flows.",
      searchTerms: ["detach"], [x], result: "tensor",
      examples: [
        Example("grad(x -> sum(x * stop_gradient(x)), at: tensor([3]))", "tensor [1] float32\n[3]")
      ],
      methodOf: ["tensor"]
    ) { Value(try $0[x].stopGradient()) },
    Builtin(
      "reverse_gradient",
      "Gives the same tensor, and reverses the sign of the gradient that flows through it.",
      details: "Ganin and Lempitsky, Unsupervised domain adaptation by backpropagation, 2015.",
      searchTerms: ["gradient reversal", "adversarial"], [x, scale], result: "tensor",
      examples: [
        Example("grad(x -> sum(reverse_gradient(x)), at: tensor([3]))", "tensor [1] float32\n[-1]")
      ],
      methodOf: ["tensor"]
    ) { Value(try $0[x].reverseGradient(scale: $0[scale])) },
  ]
}

/// The point at which a gradient is taken: tensors or models, either a single one or a list.
private enum Point {
  case tensors([Tensor], isList: Bool)
  case models([Layer], isList: Bool)
}

extension ArgumentType where T == Point {
  fileprivate static var point: Self {
    Self("tensor, list of tensors, model or list of models") { value in
      if let models = try ArgumentType<[Layer]>.models.read(value) {
        return .models(models, isList: value.isList)
      }
      let items = if case .list(let list) = value { list.items } else { [value] }
      let tensors = items.mapAll { $0.instance(of: TensorObject.self)?.tensor }
      guard let tensors, !tensors.isEmpty else { return nil }
      return .tensors(tensors, isList: value.isList)
    }
  }
}

extension Value {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }
}

private func differentiate(_ call: Call) throws -> (value: Tensor, gradient: Value) {
  let (name, function) = (call.builtin.name, try call[loss])
  func value(_ arguments: [Value]) throws -> Variable {
    try call.scalar(call.machine.call(function, CallArguments(arguments)))
  }
  switch try call[point] {
  case .tensors(let tensors, let isList):
    let result = try Tape.valueAndGradients(
      at: tensors, caller: name, isGuided: call[guided]
    ) {
      try value($0.map { Value($0) })
    }
    let gradients = result.gradients.map { Value($0.gradient) }
    return (result.value, isList ? .list(List(gradients)) : gradients[0])
  case .models(let models, let isList):
    if try call[guided] { throw call.wrong(guided, "false at a model: it is for images") }
    let owned = Set(models.flatMap(\.parameters).map { ObjectIdentifier($0.parameter) })
    let result = try Tape.valueAndGradients(
      caller: name, watching: { owned.contains(ObjectIdentifier($0)) },
      parameters: { models.flatMap(\.parameters) }, { try value([]) })
    var gradients: [ObjectIdentifier: Tensor] = [:]
    for (named, gradient) in result.gradients {
      gradients[ObjectIdentifier(named.parameter)] = try gradient.computed()
    }
    let maps = models.map { model in
      Value(
        named: model.parameters.compactMap { path, parameter in
          gradients[ObjectIdentifier(parameter)].map { (path, Value($0)) }
        })
    }
    return (result.value, isList ? .list(List(maps)) : maps[0])
  }
}

extension Call {
  /// Returns the result of a loss function as a variable. Throws `not-scalar`.
  func scalar(_ value: Value) throws -> Variable {
    switch value {
    case .object(let object as TensorObject): return object.variable
    case .number(let number): return Variable(try Tensor(scalar: number))
    default:
      throw Failure(
        "not-scalar",
        "\(builtin.name): the loss must be one number, the function gave \(value.brief)"
      )
    }
  }
}
