import Language

/// Everything that draws or shows.
func pictureBuiltins(_ library: Library) -> [Builtin] {
  chartBuiltins(library) + tileBuiltins(library) + showBuiltins(library)
}
