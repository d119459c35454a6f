extension Explanations {
  /// The error codes for problems found before a script runs.
  static let reading: [String: String] = [
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
    print((1 + 2) * 3). There is no space before the bracket of a call or an index.
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
    "unset-name": """
    A name was read before its `let` had run, by a function that was called too early.
    """,
    "use-cycle": """
    Files that `use` each other can't be loaded in any order. What both need belongs into a third one.
    """,
    "module-loading": """
    A module is loaded when it is first mentioned, by running it from top to bottom. The entry that is parked \
    is in the middle of that, so other entries can't use the module yet.
    """,
    "member": """
    What precedes the dot has no member of that name. Of a module the exported names count, those \
    that begin with `_` stay inside; of other values, what the library's types, the script's map \
    literals and its assignments `m.name = ...` give them.
    """,
    // Calls.
    "call": "What is called is not a function, model, layer or transform.",
    "operand": """
    A function is used where its result was probably meant. A command whose first argument begins with \
    an operator needs parentheses: print(-x).
    """,
    "unused-function": "A function's name alone calls nothing; its call needs parentheses.",
    "unused-value": """
    The line computes a value that nothing uses. `==` compares where `=` assigns, and a line that begins \
    with `-` does not go on with the line above.
    """,
    "unreachable": """
    A statement before it in its block always leaves the block, by `return`, `break`, `continue`, `error` or \
    `quit`.
    """,
    "plain-string": """
    A string takes values in only with an `f` before its quote: `f"{x}"`. Without it `$x` and `{x}` are \
    text like any other.
    """,
    "duplicate-key": "A map literal gives a key twice, and the last value counts.",
    "deferred": """
    A builtin such as `time` gets its argument unevaluated, so it can only be called where it is named: \
    it can't be stored or passed on.
    """,
    "option": """
    option(name, default, about) declares an option of the script. The command line is read before the \
    script runs, so the call must be at top level and its arguments are literals.
    """,
    "test": """
    A test is written at top level, `test "name" { ... }`, with a name that no other test of the file has. It \
    assigns to no variable outside it, because the result of a test does not depend on those that run before it.
    """,
    "loop": "`break` and `continue` belong to the loop around them, in the same function.",
    "return": "`return` leaves a function; `quit()` ends a script.",
  ]
}
