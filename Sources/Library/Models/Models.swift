import Language

/// The area's builtins, in the order of the documentation.
func modelBuiltins(_ library: Library) -> [Builtin] {
  networkBuiltins(library) + lossBuiltins(library) + layerBuiltins(library)
    + networkMakingBuiltins(library) + modelUseBuiltins(library) + gradientBuiltins(library)
    + optimizerBuiltins(library) + stateBuiltins(library) + keptOutputBuiltins(library)
    + classNameBuiltins(library)
}
