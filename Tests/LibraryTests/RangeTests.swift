import Language
import Testing

@testable import Library

/// A range by steps is its numbers wherever it is taken.
struct RangeTests {
  /// Ranges, each with the list of its numbers.
  static let ranges = [
    ("range(0, 10, 3)", "[0, 3, 6, 9]"), ("range(7, 0, -2)", "[7, 5, 3, 1]"),
    ("range(1, 2, 5)", "[1]"), ("range(2, 6)", "[2, 3, 4, 5]"), ("range(4, 4, 2)", "[]"),
    ("range(3, 0, 2)", "[]"), ("range(0.5, 2, 0.5)", "[0.5, 1, 1.5]"),
  ]

  /// For each builtin that takes a range, calls with R in the range's place: they show what they show
  /// with the list.
  static let calls: [String: [String]] = [
    "len": ["len(R)"], "map": ["map(R, x -> x * 2)"], "filter": ["filter(R, x -> x > 2)"],
    "reduce": ["reduce(R, (a, b) -> a * 10 + b, 0)"],
    "sorted": ["sorted(R)", "sorted(R, reverse: true)", "sorted(R, key: x -> -x)"],
    "enumerate": ["enumerate(R)", "enumerate(R, 5)"], "zip": ["zip(R, R)", "zip([1, 2], R)"],
    "reversed": ["reversed(R)"], "join": ["join(map(R, str), \"-\")"],
    "progress": ["map(progress(R), x -> x)", "len(progress(R))"],
    "extend": ["let xs = [7]\nextend(xs, R)\nxs"],
    "bars": [drawn("bars(R)")],
    "hist": [drawn("hist(R)")],
    "line": [
      drawn("line(R)"),
      drawn("line(R, R)"),
      drawn("line(R, band: R)"),
    ],
    "scatter": [drawn("scatter(R, R)")],
    "write": ["write(R, \"a.json\")\nread(\"a.json\")"],
    "one_hot": ["one_hot(R, 10)"], "bincount": ["bincount(R)"], "histogram": ["histogram(R, 4)"],
    "topk": ["topk(R, 1)"], "where": ["where(tensor(R) > 1, R, R)"], "clip": ["clip(R, 1, 2)"],
    "reshape": ["reshape(R, -1, 1)"], "broadcast_to": ["broadcast_to(tensor(R), 2, len(R))"],
    "expand_dims": ["expand_dims(R, 0)"], "pad": ["pad(R, 1)"], "split_at": ["split_at(R, [1])"],
    "astype": ["astype(R, \"float64\")"],
    "choice": ["seed(1)\nchoice(R)"], "quantile": ["quantile(R, 0.5)"], "mse": ["mse(R, R)"],
    "cross_entropy": ["cross_entropy(zeros(len(R), 10), R)"],
    "mixup": ["seed(1)\nmixup(ones(len(R), 2), R, classes: 10)"],
    "cutmix": ["seed(1)\ncutmix(ones(len(R), 1, 2, 2), R, classes: 10)"],
    "distillation": ["distillation([R, R], [R, R], T: 2)"],
    "tensor": ["tensor(R)", "tensor([R, R])", "tensor(R, dtype: \"float64\")"],
    "svd": ["svd(tensor([R, R]))"], "qr": ["qr([R, R])"], "pinv": ["pinv([R, R])"],
    "cholesky": ["cholesky(diag(tensor(R) + 9))"], "eigh": ["eigh(outer(R, R))"],
    "inv": ["inv(diag(tensor(R) + 9))"],
    "lstsq": ["lstsq([R, R], [1, 2])"], "outer": ["outer(R, R)"], "repeat": ["repeat(R, 2)"],
    "einsum": ["einsum(\"i,i\", R, R)"], "tile": ["tile(R, 2)"], "roll": ["roll(R, 1)"],
    "solve": ["solve([[2, 0], [0, 1]], expand_dims(tensor(R)[..2], 1))"],
    "save": ["save(R, \"a.safetensors\")\nload(\"a.safetensors\")"],
    "assert_equal": ["assert_equal(R, R)", "assert_equal(tensor(R), R)"],
    "assert_close": ["assert_close(R, R)", "assert_close(R, tensor(R))"],
    "add": ["add(R, R)"], "multiply": ["multiply(R, R)"],
    "atan2": ["atan2(R, R)"], "maximum": ["maximum(R, R)"], "minimum": ["minimum(R, 2)"],
    "logical_and": ["logical_and(tensor(R) > 1, tensor(R) > 2)"],
    "logical_or": ["logical_or(tensor(R) > 1, tensor(R) > 2)"],
    "logical_not": ["logical_not(tensor(R) > 1)"],
  ]

  /// A script that draws a chart and sums up its pixels.
  private static func drawn(_ chart: String) -> String {
    "write_png(\(chart), \"a.png\")\nlet p = read(\"a.png\")\n[sum(p), sum(cumsum(p, axis: -1))]"
  }

  /// Builtins whose parameter is any value: what they do with a range does not depend on its numbers,
  /// or tells it from a list of them.
  static let unconcerned: Set<String> = [
    "append", "assert", "broadcast", "digest", "edit", "env", "gather", "get", "grad", "grid",
    "has",
    "help", "insert", "option", "picture_table", "print", "profile", "remove", "residual", "show",
    "source", "str",
    "time", "type", "value_and_grad", "write_png",
  ]

  @Test(arguments: ranges) func rangesAreTheirNumbers(range: String, list: String) {
    let session = TestSession()
    for builtin in session.library.builtins.values.sorted(by: { $0.name < $1.name }) {
      let takes = builtin.parameters.contains { $0.type.accepts(.range(RangeBox(0, 3))) }
      guard takes, !Self.unconcerned.contains(builtin.name) else { continue }
      // What takes one tensor is called with it alone.
      for call in Self.calls[builtin.name] ?? ["\(builtin.name)(R)"] {
        let (a, b) = (
          outcome(call, range, session), outcome(call, list, session)
        )
        #expect(a == b, "\(builtin.name): \(call) with \(range)")
        #expect(a != "fails" || range != Self.ranges[0].0, "\(call) with \(range)")
      }
    }
  }

  /// What a call shows with a sequence in R's place.
  private func outcome(_ call: String, _ sequence: String, _ session: TestSession) -> String {
    (try? session.display(call.replacing("R", with: sequence))) ?? "fails"
  }

  @Test(arguments: [
    // Steps pick number by number, negative ones from the end; what lies outside is left out.
    ("arange(10)[range(0, 10, 3)]", "[0, 3, 6, 9]"),
    ("arange(8)[range(0, 10, 3)]", "[0, 3, 6]"),
    ("arange(5)[range(4, -1, -1)]", "[4, 3, 2, 1, 0]"),
    ("arange(5)[range(9, -1, -2)]", "[3, 1]"),
    ("arange(5)[range(-1, -6, -2)]", "[4, 2, 0]"),
    ("arange(5)[range(-9, 0, 2)]", "[0, 2, 4]"),
    ("arange(5)[range(9, 20, 2)]", "[]"),
    ("arange(5)[range(0, inf, 2)]", "[0, 2, 4]"),
    ("arange(5)[range(1, 4)]", "[1, 2, 3]"),
    ("arange(12).reshape(3, 4)[:, range(3, -1, -2)]", "[[3, 1], [7, 5], [11, 9]]"),
    ("arange(12).reshape(3, 4)[range(0, 3, 2), range(0, 4, 3)]", "[[0, 3], [8, 11]]"),
    ("arange(12).reshape(3, 4)[[0, 2], range(0, 4, 2)]", "[[0, 2], [8, 10]]"),
  ])
  func tensorsAreIndexedBySteps(code: String, expected: String) throws {
    let found = try TestSession().run(code)
    let wanted = try TestSession().run("tensor(\(expected))")
    #expect(Value.areEqual(found, wanted), "\(code) is \(found.display(columns: 80))")
  }

  @Test func assignmentAndGradientsGoBySteps() throws {
    #expect(
      try shown("let x = zeros(6)\nx[range(5, -1, -2)] = [1, 2, 3]\nmap(x, y -> y.item())")
        == "[0, 3, 0, 2, 0, 1]")
    #expect(
      try shown(
        "map(grad(x -> sum(x[range(0, 6, 2)] * tensor([1, 2, 3])), at: zeros(6)), y -> y.item())")
        == "[1, 0, 2, 0, 3, 0]")
  }

  @Test func savedRangesKeepTheirStep() throws {
    let session = TestSession()
    try session.run(
      "let rs = [range(0, 10, 3), range(5, 0, -1)[1..3], 2..5]\nsave_session(\"kept\")")
    let script = try session.host.readText("kept/session.lbk")
    #expect(script.hasPart("rs = [range(0, 10, 3), range(4, 2, -1), 2..5]"), "\(script)")
  }
}
