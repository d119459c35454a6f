extension Explanations {
  /// The error codes for problems that occur while a script runs.
  static let running: [String: String] = [
    "argument": """
    The arguments do not fit the function: too many or too few, a name that no parameter has, an argument \
    given twice, or a value that the parameter does not take. `help` shows a function's form.
    """,
    "type": """
    The operation does not exist for values of this kind. A condition, and each side of `and`, `or` and \
    `not`, is a bool or a tensor of one bool; masks are combined by logical_and, logical_or and logical_not.
    """,
    "index": """
    The index lies outside. Indices count from 0, negative ones from the end; slices are clipped, single \
    indices are not.
    """,
    "key-missing": "The map has no such key. get(m, key, default) gives a default instead.",
    "recursion": """
    Calls are nested too deeply, usually because a recursion has no end. The traceback counts the calls \
    that repeat.
    """,
    "out-of-memory": """
    The computation would pass 90 % of the memory that the machine, the container or the resource limit \
    allows. Nothing is lost: the error can be caught, and memory is free again when values are released.
    """,
    "step-limit": """
    The script was started with `limbeck run --max-steps` and has made so many turns of loops and calls. A \
    `catch` does not stop this error.
    """,
    "time-limit": """
    The script was started with `limbeck run --max-time` and has run for so long. A `catch` does not stop this \
    error.
    """,
    "interrupted": "Ctrl-C stopped the computation. No `catch` sees it.",
    "unpack": """
    `let a, b = e` and `for a, b in xs` take apart a list, or another sequence, of just as many elements as \
    there are names.
    """,
    "internal": "Limbeck itself is at fault. Please report it with the script that led to it.",
  ]
}
