import Language

/// A kind of value, as described in help and in the reference.
struct Kind {
  /// The name that `type(x)` returns.
  let name: String
  /// A one-sentence description.
  let about: String
  /// The members that are not methods; methods are builtins.
  let members: [AnyMember]

  init(_ name: String, _ about: String, _ object: HostObject.Type? = nil) {
    self.name = name
    self.about = about
    members = object?.members ?? []
  }

  /// Returns the member with the given name.
  func member(_ name: String) -> AnyMember? { members.first { $0.name == name } }

  /// The kinds of values, for help, the reference, the checker and completion. The members of each
  /// kind are declared in its own file, with the code that implements them. To add a kind, add it
  /// here.
  static let all = [
    Kind("number", "A double; whole ones are exact below 2^53."),
    Kind("string", "A text."),
    Kind("list", "Values in a row: `xs[0]` is the first."),
    Kind(
      "map",
      "Values by key. Its keys follow the dot, and its methods where it has no such key."),
    Kind("range", "Numbers from one up to another, the end excluded: `0..10`."),
    Kind(
      "function",
      "A function. One that waits for its input, as `lowres(50)`, has its options after the dot."),
    Kind("module", "A file or a part of the library: the names that it declares follow the dot."),
    Kind("error", "What `catch e` gives.", ErrorObject.self),
    Kind("tensor", "Numbers of one type along any number of axes.", TensorObject.self),
    Kind(
      "dataset", "Records with images and labels, in splits or without; `d[0]` is a record.",
      DatasetObject.self),
    Kind("record", "One image of a data set, and what is known of it.", RecordObject.self),
    Kind("pairs", "Two views of the same records; `p[0]` is a list of two.", PairsObject.self),
    Kind(
      "batches", "A data set's records in groups, which `for` iterates over.", BatchesObject.self),
    Kind(
      "model",
      "A layer or a network: `m(x)` gives its outputs. The dot is also followed by the names of "
        + "its parts; `m[\"body.0\"]`, `m[0]` and `m[0..5]` are parts by path and position.",
      ModelObject.self),
    Kind(
      "layers",
      "A model's layers by name: `for name, layer in m.layers`.", LayersObject.self),
    Kind(
      "parameters",
      "A model's parameters by path: `m.parameters[\"0.weight\"]`; `for path, p in m.parameters`.",
      ParametersObject.self),
    Kind("state", "What models and optimizers held when `state` was called.", StateObject.self),
    Kind("optimizer", "What changes a model's parameters in training.", OptimizerObject.self),
    Kind("figure", "A drawing.", FigureObject.self),
    Kind("table", "Rows under named columns.", TableObject.self),
    Kind(
      "metrics", "The numbers of one training, recorded step by step.", MetricsObject.self),
    Kind("progress", "A sequence with a line that tells how far it is.", ProgressObject.self),
  ].sorted { $0.name < $1.name }
}

extension Library {
  /// The names that may follow the dot after a library value: members and methods.
  public var memberNames: Set<String> {
    Set(Kind.all.flatMap(\.members).map(\.name)).union(
      builtins.values.lazy.filter { !$0.methodOf.isEmpty }.map(\.name))
  }
}
