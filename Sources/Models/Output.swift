import Gradients
import Host

/// What a network gives for a batch: a tensor, or several in a list or under names.
public indirect enum Output {
  /// A tensor, as all layers give it but those with a forward function of their own.
  case tensor(Variable)
  /// Several outputs in order.
  case list([Output])
  /// Several outputs by name, in order.
  case map([(name: String, output: Output)])

  /// All tensors in order.
  var variables: [Variable] {
    switch self {
    case .tensor(let variable): [variable]
    case .list(let items): items.flatMap(\.variables)
    case .map(let entries): entries.flatMap(\.output.variables)
    }
  }

  /// The tensor, where only one will do. Throws `outputs` if there are several.
  public func single() throws -> Variable {
    switch self {
    case .tensor(let variable): return variable
    case .list(let items):
      throw Output.several("a list of \(items.count) tensors", first: "[0]")
    case .map(let entries):
      let names = entries.map(\.name).joined(separator: ", ")
      throw Output.several("several tensors, \(names),", first: ".\(entries.first?.name ?? "")")
    }
  }

  private static func several(_ what: String, first: String) -> Failure {
    Failure(
      "outputs", "the model gives \(what) where one tensor is needed",
      hint: "choose one of them: model({net: g}, (m, x) -> m.net(x)\(first))")
  }
}
