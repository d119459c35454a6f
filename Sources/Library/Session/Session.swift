import Language

/// What a session and a script's run need beside the domains.
func sessionBuiltins(_ library: Library) -> [Builtin] {
  helpBuiltins(library) + promptBuiltins(library) + scriptBuiltins(library)
    + surroundingsBuiltins(library)
    + tableBuiltins(library) + progressBuiltins(library) + fileBuiltins(library)
    + folderBuiltins(library)
    + profileBuiltins(library) + doctorBuiltins(library) + savedSessionBuiltins(library)
}
