import Language

extension Library {
  /// Every area's builtins, in the order of the documentation. A new area is added here.
  static let areas: [(Library) -> [Builtin]] = [
    languageBuiltins, tensorBuiltins, modelBuiltins, datasetSourceBuiltins, datasetViewBuiltins,
    choosingBuiltins, transformBuiltins, edgeTransform, cachingBuiltins, pictureBuiltins,
    sessionBuiltins,
  ]
}
