import Host
import Syntax

@testable import Language

/// A small library for the checker's tests.
final class CheckerEnvironment: Environment {
  var files: [String: String] = [:]
  let modules = [
    "training": "fn distill(f, A, B, T = 10, lambda = nil) { f }\nfn _secret() { 1 }\n",
    "curriculum": "fn stages(A, B) { distill(A, A, B) }\nlet fade = x -> x\nfn _hidden() { 1 }\n",
  ]
  let builtins: [String: Builtin]
  let explanations: [String: String] = [:]

  init() {
    func make(
      _ name: String, _ parameters: [AnyArgument], methodOf: [String] = [],
      staging: Builtin.Staging = .none, traits: Builtin.Traits = []
    ) -> Builtin {
      Builtin(
        name, "T.", parameters, result: "value", examples: [], methodOf: methodOf,
        staging: staging, traits: traits, body: { _ in .nil })
    }
    let all = [
      make(
        "print",
        [
          Argument(rest: "values", .any, ""),
          Argument("sep", .string, default: " ", "", named: true),
        ]),
      make("len", [Argument("x", .any, "")]),
      make("time", [Argument("e", .any, "", deferred: true)]),
      make("help", [Argument("name", .optional(.any), "")], traits: .asksAboutNames),
      make("seed", [Argument("n", .number, "")]),
      make(
        "option",
        [
          Argument("name", .string, ""), Argument("default", .any, ""),
          Argument("about", .string, default: "", ""),
        ], traits: .declaresOption),
      make("relu", [Argument("x", .any, "")], staging: .staged()),
      make(
        "max_pool",
        [
          Argument("x", .any, ""), Argument("size", .number, ""),
          Argument("stride", .optional(.number), ""),
        ], staging: .staged()),
      make(
        "sum", [Argument("x", .any, ""), Argument("axis", .optional(.number), "")],
        methodOf: ["tensor"]),
      make("accuracy", [Argument("g", .any, ""), Argument("d", .any, "")]),
    ]
    builtins = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  }

  func caller(of module: String) -> Builtin? { nil }
  func known(_ name: String) -> Known? {
    if let builtin = builtins[name] { return .builtin(builtin) }
    switch name {
    case "pi": return .constant(.number(3.14))
    case "curriculum": return .module("curriculum")
    case "distill": return .export(module: "training", name: "distill")
    default: return nil
    }
  }
  var names: [String] { builtins.keys.sorted() + ["pi", "curriculum", "distill"] }
  func members(of type: String) -> [String: String]? { nil }
  func isPure(_ builtin: Builtin) -> Bool { false }
  func method(_ name: String, of type: String) -> Builtin? { nil }
  let memberNames: Set<String> = ["append", "sum", "train", "test", "shape", "save"]
  func moduleSource(_ name: String) throws -> Source {
    guard let text = modules[name] else { throw Failure("file-missing", "no module \(name)") }
    return Source(name: "stdlib/\(name).lbk", text: text)
  }
  func fileSource(_ path: String, from folder: String?) throws -> Source {
    guard let text = files[path] else {
      throw Failure("file-missing", "use: \(path) does not exist")
    }
    return Source(name: path, text: text, folder: folder)
  }
}

/// What the checker says of a script: `line:column message => hint`, warnings with a `w`.
func problems(
  _ text: String, _ environment: CheckerEnvironment = CheckerEnvironment(),
  mode: Resolver.Mode = .script
) -> [String] {
  let checker = Checker(modules: Modules(environment: environment))
  let parsed = Parser.parse(Source(name: "t.lbk", text: text, folder: "/home"))
  return checker.check(parsed, mode: mode).diagnostics.map(line)
}

func line(_ diagnostic: Diagnostic) -> String {
  let place = diagnostic.place.map { $0.text.replacing("t.lbk:", with: "") } ?? "-"
  return (diagnostic.severity == .warning ? "w " : "") + "\(place) \(diagnostic.message)"
    + (diagnostic.hint.map { " => \($0)" } ?? "")
}

extension String {
  /// The text with each `other` replaced.
  func replacing(_ other: String, with new: String) -> String {
    var result = ""
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(other) {
        result += new
        rest = rest.dropFirst(other.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }
}
