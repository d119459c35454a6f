/// A program in its versions: ours first, then the peers'.
struct Work {
  /// What is computed.
  let name: String
  /// A command for each version.
  let versions: [(name: String, command: [String])]
  /// Parts of the work whose seconds the programs print themselves; the time of the whole program
  /// counts where there are none.
  var parts: [String] = []
}

/// The suites by name.
func suites(limbeck: String, python: String, root: String) -> [(name: String, works: [Work])] {
  let here = "\(root)/Benchmarks"
  let birds = "\(root)/../shared/data/birds"
  let programs = ["fib", "loop", "map", "closure", "sort", "list", "nbody"]
  return [
    ("start", [Work(name: "print 1", versions: [("limbeck", [limbeck, "-e", "print 1"]), ("cpython", [python, "-c", "print(1)"])])]),
    (
      "language",
      programs.map { program in
        Work(
          name: program,
          versions: [
            ("limbeck", [limbeck, "run", "\(here)/language/\(program).lbk"]),
            ("lua", ["lua5.4", "\(here)/peers/language/\(program).lua"]),
            ("cpython", [python, "\(here)/peers/language/\(program).py"]),
          ])
      }
    ),
    (
      "data",
      [
        Work(
          name: "decode, resize 224",
          versions: [
            ("limbeck", [limbeck, "run", "\(here)/data_loading.lbk", "--root", "\(birds)/images"]),
            ("pytorch, 2 workers", [python, "\(here)/peers/data_loading.py", "\(birds)/images"]),
          ], parts: ["first epoch", "later epoch"])
      ]
    ),
    (
      "quickstart",
      [
        Work(
          name: "Table 1 on Fashion-MNIST",
          versions: [
            ("limbeck", [limbeck, "run", "\(here)/quickstart.lbk"]),
            ("pytorch", [python, "\(here)/peers/fashion_cqd.py"]),
          ])
      ]
    ),
  ]
}
