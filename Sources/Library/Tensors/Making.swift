import Gradients
import Host
import Language
import Tensors

private let dtypeParameter = Parameter.optional(
  "dtype", .string, Value("float32"), "float32, float64, int32, uint8 or bool", namedOnly: true)
private let shapeParameter = Parameter.rest(
  "shape", .axes, "the sizes of the axes, as numbers or one list")

/// `tensor`, `zeros`, `ones`, `full`, `eye`, `arange`, `linspace`, `astype`, `item`.
func makingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "tensor", area: "tensors", "Makes a tensor of a list, a number, a range or a tensor.",
      details: "Nested lists of one length give more axes. Bools give a bool tensor.",
      [
        .required(
          "values", .numeric, "numbers or bools, in lists nested as deep as axes are wanted"),
        .optional(
          "dtype", .string, .nil, "float32 (the default), float64, int32, uint8 or bool",
          namedOnly: true),
      ], result: "tensor",
      examples: [
        Example("tensor([[1, 2], [3, 4.5]])", "tensor [2, 2] float32\n[[1.0, 2.0],\n [3.0, 4.5]]"),
        Example("tensor([0, 1, 2], dtype: \"int32\").dtype", "\"int32\""),
      ]
    ) { call in
      let dtype = call.isNil("dtype") ? nil : try call.dtype()
      let variable = try TensorObject.tensorOf(
        call["values"], "tensor", dtype == .float32 || dtype == nil ? .float32 : .float64)
      return Value(try dtype.map { try variable.cast(to: $0) } ?? variable)
    },
    Builtin(
      "zeros", area: "tensors", "Makes a tensor of zeros.", [shapeParameter, dtypeParameter],
      result: "tensor",
      examples: [Example("zeros(2, 3)", "tensor [2, 3] float32\n[[0, 0, 0],\n [0, 0, 0]]")]
    ) { Value(try Tensor(zeros: $0.shape("shape"), $0.dtype())) },
    Builtin(
      "ones", area: "tensors", "Makes a tensor of ones.", [shapeParameter, dtypeParameter],
      result: "tensor", examples: [Example("ones(3)", "tensor [3] float32\n[1, 1, 1]")]
    ) { Value(try Tensor.ones($0.shape("shape"), $0.dtype())) },
    Builtin(
      "full", area: "tensors", "Makes a tensor filled with one number.",
      [
        .required("shape", .axes, "the sizes of the axes"),
        .required("value", .number, "the number"),
        dtypeParameter,
      ], result: "tensor", examples: [Example("full([2], 7)", "tensor [2] float32\n[7, 7]")]
    ) { Value(try Tensor.full($0.shape("shape"), $0.number("value"), $0.dtype())) },
    Builtin(
      "eye", area: "tensors", "Makes an identity matrix.",
      [
        .required("rows", .whole, "the number of rows"),
        .optional("columns", .whole, .nil, "the number of columns; nil makes it square"),
        dtypeParameter,
      ], result: "tensor [rows, columns]",
      examples: [Example("eye(2)", "tensor [2, 2] float32\n[[1, 0],\n [0, 1]]")]
    ) { call in
      let columns = call.isNil("columns") ? nil : try call.int("columns", minimum: 0)
      return Value(try Tensor.eye(call.int("rows", minimum: 0), columns, call.dtype()))
    },
    Builtin(
      "arange", area: "tensors", "Makes the numbers from a start up to, without, an end.",
      [
        .required("start", .number, "the first number; the end, if no other is given"),
        .optional("end", .number, .nil, "the end, excluded"),
        .optional("step", .number, .number(1), "the distance of neighbours"), dtypeParameter,
      ], result: "tensor",
      examples: [
        Example("arange(4)", "tensor [4] float32\n[0, 1, 2, 3]"),
        Example("arange(1, 2, 0.25)", "tensor [4] float32\n[1.00, 1.25, 1.50, 1.75]"),
      ]
    ) { call in
      let start = try call.number("start")
      let isLone = call.isNil("end")
      return Value(
        try Tensor.arange(
          isLone ? 0 : start, isLone ? start : call.number("end"), step: call.number("step"),
          call.dtype()))
    },
    Builtin(
      "linspace", area: "tensors", "Makes evenly spaced numbers, both ends included.",
      [
        .required("start", .number, "the first number"),
        .required("end", .number, "the last number"),
        .required("count", .whole, "how many"), dtypeParameter,
      ], result: "tensor [count]",
      examples: [Example("linspace(0, 1, 5)", "tensor [5] float32\n[0.00, 0.25, 0.50, 0.75, 1.00]")]
    ) { call in
      Value(
        try Tensor.linspace(
          call.number("start"), call.number("end"), call.int("count", minimum: 0), call.dtype()))
    },
    Builtin(
      "astype", area: "tensors", "Gives the elements as another type.",
      details: """
        Floats become integers by dropping the fraction; a number that does not fit is an error. To \
        bool: whether it is not zero.
        """,
      [
        .required("x", .numeric, "a tensor"),
        .required("dtype", .string, "float32, float64, int32, uint8 or bool"),
      ], result: "tensor",
      examples: [
        Example("astype(tensor([1.5, -0.5]), \"int32\")", "tensor [2] int32\n[1, 0]")
      ], methodOf: ["tensor"]
    ) { Value(try $0.variable("x").cast(to: $0.dtype())) },
    Builtin(
      "item", area: "tensors", "Gives the only element of a tensor as a number or bool.",
      [.required("x", .tensor, "a tensor of one element")], result: "number or bool",
      examples: [Example("sum(ones(2, 3)).item()", "6")], methodOf: ["tensor"]
    ) { call in
      let tensor = try call.constant("x")
      let number = try tensor.number()
      return tensor.dtype == .bool ? .bool(number != 0) : .number(number)
    },
  ]
}

/// `seed`, `random_scope`, `randn`, `uniform`, `randint`, `permutation`, `threads`.
func randomBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "seed", area: "tensors", "Sets the seed of all randomness that follows.",
      details: """
        What is drawn for a record depends on the seed and the record alone. `randn` and its like go on \
        from draw to draw. A layer or a network starts from the seed and from how many of its own kind \
        were made since: other draws do not change its weights. Views of data take the seed when they are \
        made. Inside a `random_scope` the seed holds until the scope is left.
        """,
      [
        .required("seed", .whole, "the seed"),
        .optional(
          "draws", .whole, .number(0), "goes on as after so many draws of `randn` and its like",
          namedOnly: true),
        .optional(
          "made", .map, .map(Map()),
          "goes on as after so many layers and networks, by what makes them: `{dense: 2}`",
          namedOnly: true),
      ], result: "nil",
      examples: [
        Example("seed(7)"),
        Example(
          "seed(7)\nlet a = [randn(2), randn(2)]\nseed(7, draws: 1)\nall(randn(2) == a[1])",
          "true"),
        Example(
          "seed(7)\nlet g = dense(2, input: 3)\nseed(7)\nrandn(5)\nlet h = dense(2, input: 3)\nall(h.parameters[\"weight\"] == g.parameters[\"weight\"])",
          "true"),
      ]
    ) { call in
      library.random = RandomScope(
        seed: UInt64(bitPattern: Int64(try call.int("seed"))),
        draws: try call.int("draws", minimum: 0),
        made: try call.counts("made", of: library.builtins), in: library.random.outer)
      return .nil
    },
    Builtin(
      "random_scope", area: "tensors", "Calls a function that draws from a scope of its own.",
      details: """
        Inside, `randn` and its like, the weights of new layers, what dropout drops, and the order and random \
        transforms of `batches` depend on the seed, the name and the names of the scopes around, and on \
        nothing that was drawn outside; outside goes on as if nothing had been drawn. Each time the scope is \
        entered it starts anew: the same name draws the same. So a part of a script can be skipped, repeated \
        or run by itself. Give each part a name of its own: `f"{method}, seed {i}"`.
        What is drawn once for a record stays as it is: `split`, `folds`, `shuffle`, `shapes`, `noise` and \
        other transforms that are the same in every epoch go by the seed alone.
        """,
      [
        .required("name", .string, "the scope's name"),
        .required("fn", .callable, "a function without parameters"),
      ], result: "what the function gives",
      examples: [
        Example(
          "let a = random_scope(\"a\", () -> randn(2))\nrandn(3)\nall(random_scope(\"a\", () -> randn(2)) == a)",
          "true"),
        Example("random_scope(\"b\", () -> dense(2))", "dense(2): not yet sized"),
      ]
    ) { call in
      let outer = library.random
      defer { library.random = outer }
      library.random = RandomScope(try call.string("name"), in: outer)
      return try call.machine.call(call["fn"], CallArguments())
    },
    Builtin(
      "randn", area: "tensors", "Draws standard normal numbers.", [shapeParameter, dtypeParameter],
      result: "tensor", examples: [Example("randn(2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try library.random.draw { try Tensor.randn(call.shape("shape"), key: $0, call.dtype()) })
    },
    Builtin(
      "uniform", area: "tensors", "Draws uniform numbers from low to, without, high.",
      [
        shapeParameter,
        .optional("low", .number, .number(0), "the least", namedOnly: true),
        .optional("high", .number, .number(1), "the end, excluded", namedOnly: true),
        dtypeParameter,
      ], result: "tensor",
      examples: [Example("all(uniform(100, high: 2) < 2)", "true")]
    ) { call in
      Value(
        try library.random.draw {
          try Tensor.uniform(
            call.shape("shape"), low: call.number("low"), high: call.number("high"), key: $0,
            call.dtype())
        })
    },
    Builtin(
      "randint", area: "tensors", "Draws whole numbers from low to, without, high.",
      [
        .required("low", .whole, "the least"), .required("high", .whole, "the end, excluded"),
        shapeParameter,
      ], result: "tensor, int32",
      examples: [Example("randint(0, 10, 2, 3).shape", "[2, 3]")]
    ) { call in
      Value(
        try library.random.draw {
          try Tensor.randint(call.int("low"), call.int("high"), call.shape("shape"), key: $0)
        })
    },
    Builtin(
      "permutation", area: "tensors", "Draws an order of the numbers 0 to, without, count.",
      [.required("count", .whole, "how many")], result: "tensor [count], int32",
      examples: [Example("sort(permutation(4))", "tensor [4] int32\n[0, 1, 2, 3]")]
    ) { call in
      let count = try call.int("count", minimum: 0)
      return Value(try library.random.draw { try Tensor.permutation(count, key: $0) })
    },
    Builtin(
      "threads", area: "language", "Gives, or sets, the number of threads that compute.",
      details: """
        At first the value of OPENBLAS_NUM_THREADS, else the cores this process may use. Results do \
        not depend on it.
        """,
      [.optional("count", .whole, .nil, "how many, the calling one included")],
      result: "number", examples: [Example("threads(2)", "2")]
    ) { call in
      if !call.isNil("count") { Threads.count = try call.int("count", minimum: 1) }
      return .number(Double(Threads.count))
    },
    Builtin(
      "memory", area: "language", "Gives the bytes that tensors, lists and maps hold.",
      details:
        "`peak` is the most at once since the last call with `reset: true`, `limit` what may be.",
      [.optional("reset", .bool, .bool(false), "begin to measure the peak anew")],
      result: "map {current, peak, limit}",
      examples: [Example("let x = zeros(1000)\nmemory().current >= 4000", "true")]
    ) { call in
      var entries = Entries()
      entries[.string("current")] = .number(Double(Memory.current))
      entries[.string("peak")] = .number(Double(Memory.peak))
      entries[.string("limit")] = .number(Double(Memory.limit))
      if try call.bool("reset") { Memory.resetPeak() }
      return .map(Map(entries))
    },
  ]
}

extension Call {
  /// A map from builtins' names to whole numbers, 0 or more.
  fileprivate func counts(_ name: String, of builtins: [String: Builtin]) throws -> [String: Int] {
    guard case .map(let map) = self[name] else { throw wrong(name, "a map") }
    var counts: [String: Int] = [:]
    for (key, value) in map.entries {
      guard case .string(let maker) = key, builtins[maker] != nil,
        case .number(let number) = value, let count = Int(exactly: number), count >= 0
      else {
        throw wrong(
          name, "a map from what makes layers and networks to whole numbers, e.g. {dense: 2}")
      }
      counts[maker] = count
    }
    return counts
  }
}
