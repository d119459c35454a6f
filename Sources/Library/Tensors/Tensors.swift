import Language

/// The area's builtins, in the order of the documentation.
func tensorBuiltins(_ library: Library) -> [Builtin] {
  makingBuiltins(library) + randomBuiltins(library) + [choiceBuiltin(library)]
    + elementBuiltins(library)
    + reducingBuiltins(library) + shapingBuiltins(library) + orderBuiltins(library)
}
