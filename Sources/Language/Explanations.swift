/// What `limbeck explain CODE` says of the stable codes of errors.
public enum Explanations {
  /// The codes, sorted.
  public static var kinds: [String] { table.keys.sorted() }

  /// The paragraph on a code; nil for one that does not exist.
  public static func text(for kind: String) -> String? { table[kind] }

  private static let table: [String: String] = [
    // Reading a script.
    "syntax": """
    The text is not what the grammar allows at the marked place. Every syntax error of a script is \
    reported, each once; what a broken statement would have declared is not reported as missing.
    """,
    "unclosed-string": """
    A string has no closing quote on its line. Only strings in three double quotes go over lines; a \
    quote inside a string is written \\" or the string put in quotes of the other kind.
    """,
    "number": """
    A number is written 12, 1_000, 2.5e-4 or 0x1F: digits on both sides of the point, no letters \
    behind. A product needs its `*`.
    """,
    "escape": """
    A backslash in a string begins one of \\n \\t \\r \\0 \\a \\b \\e \\f \\v \\\\ \\" \\', \\x41, \\u03bb, \
    \\u{1F426} or \\U0001F426. A backslash itself is written \\\\.
    """,
    "format": """
    In an f-string a hole reads {value} or {value:spec}, the spec being one of Python's: .3f, .1%, >8, \
    a comma. A brace in the text is written twice: {{ or }}.
    """,
    "nesting": """
    Brackets and blocks may nest 200 deep, and one expression may hold 1000 operations in a row. \
    Generated code is better read from a file as data.
    """,
    "pipe": """
    The right side of `|>` is a dotted name or an expression in parentheses, and one call at most. What \
    follows would be taken for a part of the function, so it is refused: (x |> f(a)).b uses the result.
    """,
    "command": """
    A call without parentheses is a name at the beginning of a statement, a space, and then a name, a \
    number, a string, true, false or nil. Everything else needs parentheses: print(-x), print([1]), \
    print((1 + 2) * 3). No space stands before the bracket of a call or an index.
    """,
    // Names.
    "undeclared-name": """
    Nothing declares the name where it is used: neither a `let`, `fn`, parameter or loop variable around \
    it nor the library. A name is seen after its `let`; a function is seen throughout its block. \
    Assigning does not declare.
    """,
    "declared-twice": """
    One block declares a name twice. `x = ...` changes a variable that is there; an inner block may \
    declare one of the same name. At the prompt a second `let` replaces the first.
    """,
    "unset": """
    A name was read before its `let` had run, by a function that was called too early.
    """,
    "use-cycle": """
    Files that `use` each other can't be loaded in any order. What both need belongs into a third one.
    """,
    "member": """
    What stands before the dot has no member of that name. Of a module the exported names count, those \
    that begin with `_` stay inside; of other values, what the library's types, the script's map \
    literals and its assignments `m.name = ...` give them.
    """,
    // Calls.
    "arity": "The call gives too many arguments, or leaves out one that has no default.",
    "argument-name": "No parameter has the name of the argument, or the argument is given twice.",
    "call": "What is called is not a function, model, layer or transform.",
    "operand": """
    A function stands where its result must have been meant. A command whose first argument begins with \
    an operator needs parentheses: print(-x).
    """,
    "unused-function": "A function's name alone calls nothing; its call needs parentheses.",
    "unused-value": """
    The line computes a value that nothing uses. `==` compares where `=` assigns, and a line that begins \
    with `-` does not go on with the line above.
    """,
    "duplicate-key": "A map literal gives a key twice, and the last value counts.",
    "deferred": """
    A builtin such as `time` gets its argument unevaluated, so it can only be called where it is named: \
    it can't be stored or passed on.
    """,
    "option": """
    option(name, default, about) declares an option of the script. The command line is read before the \
    script runs, so the call stands at top level and its arguments are literals.
    """,
    "loop": "`break` and `continue` belong to the loop around them, in the same function.",
    "return": "`return` leaves a function; `quit()` ends a script.",
    // A run.
    "argument": "An argument has the right name but a value that the function can't take.",
    "type": "The operation does not exist for values of this kind.",
    "shape": """
    The shapes of tensors do not fit together. Broadcasting aligns shapes at their last dimension; sizes \
    must be equal or 1. In a @ b the last size of a is the last but one of b.
    """,
    "dtype":
      "The tensor's element type does not fit the operation; x.to(...) and tensor(x, dtype:) convert.",
    "index": """
    The index lies outside. Indices count from 0, negative ones from the end; slices are clipped, single \
    indices are not.
    """,
    "key": "The map has no such key. get(m, key, default) gives a default instead.",
    "condition": """
    A condition, and each side of `and`, `or` and `not`, is a bool or a tensor of one bool. Masks are \
    combined by logical_and, logical_or and logical_not.
    """,
    "value": "The value is of the right kind but outside of what the operation can take.",
    "overflow": "The result does not fit the tensor's integer type.",
    "recursion": """
    Calls are nested too deeply, usually because a recursion has no end. The traceback counts the calls \
    that repeat.
    """,
    "out-of-memory": """
    The computation would pass 90 % of the memory that the machine, the container or the resource limit \
    allows. Nothing is lost: the error can be caught, and memory is free again when values are released.
    """,
    "interrupted": "Ctrl-C stopped the computation. No `catch` sees it.",
    "error": "The script itself raised the error, by error(message).",
    "assertion": "An `assert` of the script did not hold.",
    "gradient": """
    No gradient leads from the result back to what it was asked for: an operation between has none, or \
    stop_gradient cuts it, or the gradient was asked for inside another one.
    """,
    "splits": """
    The data set has splits (train, test, val), and the function wants one of them, so that nobody trains \
    or tunes on the test set by accident.
    """,
    "correspondence": """
    pairs(A, B) wants two views of the same records, in the same order, so that each image of B is its \
    image of A seen worse.
    """,
    "loss-not-finite": """
    The loss became inf or nan, so that training stopped; the model is as before the epoch. A smaller \
    learning rate is the first thing to try.
    """,
    "file-missing":
      "No file or folder has the path. Relative paths begin in the folder Limbeck was started in.",
    "file-permission": "The file or folder may not be read or written by this user.",
    "file-is-folder": "The path leads to a folder where a file is wanted.",
    "file-read": "The file could not be read to its end.",
    "file-write": "The file could not be written; nothing is left half-written in its place.",
    "file-format":
      "The file's bytes are not what its format demands: it is damaged, cut short, or of another kind.",
    "data-missing": "The data set's files are not there; the message says where they come from.",
  ]
}
