import Language

extension Library {
  /// The fields of the library's values, by kind, for the checker and completion. A kind's own file
  /// declares its fields next to the code that answers them; a new kind is added here.
  static let fields: [[String]] = [
    TensorObject.fieldNames, FigureObject.fieldNames, TableObject.fieldNames,
    ProgressObject.fieldNames,
    ModelObject.fieldNames, OptimizerObject.fieldNames,
    DatasetObject.fieldNames, RecordObject.fieldNames, PairsObject.fieldNames,
    BatchesObject.fieldNames, ErrorObject.fieldNames,
  ]

  /// Every name that may stand after a dot on a library value: fields and methods.
  public var memberNames: Set<String> {
    Set(Library.fields.joined()).union(
      builtins.values.lazy.filter { !$0.methodOf.isEmpty }.map(\.name))
  }
}
