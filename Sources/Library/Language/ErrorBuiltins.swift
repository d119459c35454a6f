import Host
import Language

private let what = Argument(
  "what", .value(.string | .object("error", ErrorObject.self)),
  "the message, or an error that `catch e` bound")
private let hint = Argument("hint", .optional(.string), "what to do instead")

private let body = Argument("body", .callable, "a function without parameters")
private let last = Argument(
  "last", .callable, "a function without parameters that is called after it")

/// The builtins `error` and `ensure`.
func errorBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "error", "Raises an error, or raises a caught error again with its place.",
      searchTerms: ["raise", "throw", "exception"], [what, hint], result: "nothing",
      examples: [Example("try { error(\"no data\") } catch e { e.message }", "\"no data\"")]
    ) { call in
      let what = try call[what]
      if case .object(let caught as ErrorObject) = what { throw caught.diagnostic }
      throw Failure("error", what.printed, hint: try call[hint])
    },
    Builtin(
      "ensure", "Calls a function, and after it another one in any case.",
      details: """
        The second is also called if the first ends with an error or by Ctrl-C, which then go on; an error of \
        its own is then lost.
        """,
      searchTerms: ["finally", "defer", "try", "cleanup"], [body, last],
      result: "what the first one gives",
      examples: [
        Example(
          "let log = []\ntry { ensure(() -> error(\"no data\"), () -> log.append(\"over\")) } catch e { }\nlog",
          "[\"over\"]")
      ]
    ) { call in
      let (body, last) = (try call[body], try call[last])
      let result: Value
      do { result = try call.machine.call(body, CallArguments()) } catch {
        guard error is Interrupted else {
          _ = try? call.machine.call(last, CallArguments())
          throw error
        }
        // A request that a helper thread noticed first is still pending; this error answers it. In an
        // entry that was abandoned, every poll would throw again.
        RunContext.current.interrupt.clear()
        WorkingThread.postponing { _ = try? call.machine.call(last, CallArguments()) }
        throw error
      }
      _ = try call.machine.call(last, CallArguments())
      return result
    },
  ]
}
