/// A program in its versions: ours first, then the peers'.
struct Work {
  /// What is computed.
  let name: String
  /// A command for each version.
  let versions: [(name: String, command: [String])]
  /// Whether the programs print their own times, lines of JSON with `work` and `ms`; otherwise the
  /// whole process is timed.
  var printsTimes = false
}

/// The suites by name.
func suites(limbeck: String, python: String, root: String) -> [(name: String, works: [Work])] {
  let here = "\(root)/Benchmarks"
  let birds = "\(root)/../shared/data/birds"
  let programs = [
    "fib", "loop", "map", "closure", "sort", "list", "nbody", "queens", "text", "words", "records",
    "matrix", "captured", "builtins", "trees", "memo", "permute", "parse",
  ]
  func ours(_ program: String, _ options: String...) -> (name: String, command: [String]) {
    ("limbeck", [limbeck, "run", "\(here)/\(program).lbk"] + options)
  }
  func training(_ net: String, _ batch: String, _ pass: String) -> Work {
    Work(
      name: "\(net) \(batch) \(pass)",
      versions: [
        ours(
          "training/step", "--net", net, "--batch", batch, "--pass", pass, "--seconds", "4")
      ]
        + ["default", "channels_last", "compiled"].map {
          ("pytorch \($0)", [python, "\(here)/peers/train_step.py", net, batch, $0, pass, "4"])
        }, printsTimes: true)
  }
  return [
    (
      "start",
      [
        Work(
          name: "print 1",
          versions: [
            ("limbeck", [limbeck, "-e", "print 1"]), ("cpython", [python, "-c", "print(1)"]),
          ])
      ]
    ),
    (
      "language",
      programs.map { program in
        Work(
          name: program,
          versions: [
            ours("language/\(program)"),
            ("lua", ["lua5.4", "\(here)/peers/language/\(program).lua"]),
            ("cpython", [python, "\(here)/peers/language/\(program).py"]),
          ])
      }
    ),
    (
      "quickstart",
      [
        Work(
          name: "Table 1 on Fashion-MNIST",
          versions: [
            ours("quickstart"), ("pytorch", [python, "\(here)/peers/fashion_cqd.py"]),
          ])
      ]
    ),
    (
      "data",
      [
        Work(
          name: "decode, resize 224",
          versions: [
            ours("data_loading", "--root", "\(birds)/images"),
            ("pytorch, 2 workers", [python, "\(here)/peers/data_loading.py", "\(birds)/images"]),
          ], printsTimes: true)
      ]
    ),
    (
      "training",
      [
        ("vgg-m", "32"), ("vgg-vd-16", "8"), ("lite0", "32"), ("resnet18", "32"), ("small", "128"),
      ].flatMap { net, batch in
        ["step", "forward"].map { training(net, batch, $0) }
      }
    ),
    (
      "operations",
      [
        Work(
          name: "operations",
          versions: [
            ours("training/operations"),
            ("pytorch default", [python, "\(here)/peers/operations.py"]),
            ("pytorch channels_last", [python, "\(here)/peers/operations.py", "--channels-last"]),
          ], printsTimes: true)
      ]
    ),
    (
      "gemm",
      [
        Work(
          name: "share of the processor's peak",
          versions: [ours("training/gemm")], printsTimes: true)
      ]
    ),
    ("teacher", [Work(name: "teacher", versions: [ours("training/teacher")], printsTimes: true)]),
    (
      "overhead",
      [Work(name: "overhead", versions: [ours("training/overhead")], printsTimes: true)]
    ),
  ]
}
