import Gradients
import Host
import Language
import Models
import Tensors

/// `grad`, `value_and_grad`, `stop_gradient`, `reverse_gradient`.
func gradientBuiltins(_ library: Library) -> [Builtin] {
  let parameters: [Language.Parameter] = [
    .required("loss", .callable, "a function whose value is one number"),
    .required("at", .any, "a tensor, a list of tensors, a model or a list of models"),
  ]
  let details = """
    At a tensor the function takes one argument, at a list one for each; at a model, none, and the \
    gradient is a map from parameter path to tensor, which is what `step` takes. Parameters that the \
    loss does not use are not in it. Models run in evaluation form. First order only. A gradient that \
    does not arrive is an error that names what cut it. At a tensor convolutions are computed by \
    algorithms that round alike everywhere, so that equal places of an image stay equal; \
    docs/gradients.md says what is taken at corners and ties.
    """
  return [
    Builtin(
      "grad", "Takes the gradient of a function.", details: details, parameters,
      result: "tensor, list of tensors, or map",
      examples: [
        Example("grad(x -> sum(x ^ 2), at: tensor([1, 2]))", "tensor [2] float32\n[2, 4]"),
        Example(
          "let g = dense(1, input: 2)\nkeys(grad(() -> sum(g(ones(1, 2))), at: g))",
          "[\"weight\", \"bias\"]"),
      ]
    ) { try differentiate($0).gradient },
    Builtin(
      "value_and_grad", "Takes a function's value and its gradient.",
      details: details, parameters, result: "list [value, gradient]",
      examples: [
        Example("let v, d = value_and_grad(x -> sum(x ^ 2), at: tensor([1, 2]))\nv.item()", "5")
      ]
    ) { call in
      let (value, gradient) = try differentiate(call)
      return .list(List([Value(value), gradient]))
    },
    Builtin(
      "stop_gradient", "Gives the same numbers as a constant.",
      [.required("x", .tensor, "a tensor")], result: "tensor",
      examples: [
        Example("grad(x -> sum(x * stop_gradient(x)), at: tensor([3]))", "tensor [1] float32\n[3]")
      ],
      methodOf: ["tensor"]
    ) { Value(try $0.variable("x").stopGradient()) },
    Builtin(
      "reverse_gradient",
      "Gives the same numbers, and turns the sign of the gradient that flows through.",
      details: "Ganin and Lempitsky, Unsupervised domain adaptation by backpropagation, 2015.",
      [
        .required("x", .tensor, "a tensor"),
        .optional("scale", .number, .number(1), "what the gradient is multiplied by as well"),
      ], result: "tensor",
      examples: [
        Example("grad(x -> sum(reverse_gradient(x)), at: tensor([3]))", "tensor [1] float32\n[-1]")
      ],
      methodOf: ["tensor"]
    ) { Value(try $0.variable("x").reverseGradient(scale: $0.number("scale"))) },
  ]
}

private func differentiate(_ call: Call) throws -> (value: Tensor, gradient: Value) {
  let name = call.builtin.name
  func loss(_ arguments: [Value]) throws -> Variable {
    try call.scalar(call.machine.call(call["loss"], CallArguments(arguments)))
  }
  switch call["at"] {
  case .object(let object as TensorObject):
    let result = try Tape.valueAndGradients(at: [object.tensor], caller: name) {
      try loss($0.map { Value($0) })
    }
    return (result.value, Value(result.gradients[0].gradient))
  case .object(is ModelObject):
    let (value, maps) = try atModels(call, name, loss)
    return (value, .map(maps[0]))
  case .list(let list) where !list.items.isEmpty:
    let tensors = list.items.compactMap { item -> Tensor? in
      if case .object(let object as TensorObject) = item { object.tensor } else { nil }
    }
    if tensors.isEmpty, case .object(is ModelObject)? = list.items.first {
      let (value, maps) = try atModels(call, name, loss)
      return (value, .list(List(maps.map { .map($0) })))
    }
    guard tensors.count == list.items.count else { fallthrough }
    let result = try Tape.valueAndGradients(at: tensors, caller: name) {
      try loss($0.map { Value($0) })
    }
    return (result.value, .list(List(result.gradients.map { Value($0.gradient) })))
  default: throw call.wrong("at", "a tensor, a list of tensors, a model or a list of models")
  }
}

private func atModels(_ call: Call, _ name: String, _ loss: ([Value]) throws -> Variable) throws
  -> (Tensor, [Map])
{
  let models = try call.layers("at")
  let owned = Set(models.flatMap(\.parameters).map { ObjectIdentifier($0.parameter) })
  let result = try Tape.valueAndGradients(
    caller: name, watching: { owned.contains(ObjectIdentifier($0)) },
    parameters: { models.flatMap(\.parameters) }, { try loss([]) })
  var gradients: [ObjectIdentifier: Tensor] = [:]
  for (named, gradient) in result.gradients {
    gradients[ObjectIdentifier(named.parameter)] = gradient
  }
  return (
    result.value,
    models.map { model in
      let map = Map()
      for (path, parameter) in model.parameters {
        if let gradient = gradients[ObjectIdentifier(parameter)] {
          map.entries[.string(path)] = Value(gradient)
        }
      }
      return map
    }
  )
}

extension Call {
  /// What a loss function gave, as a variable. Throws `not-scalar`.
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
