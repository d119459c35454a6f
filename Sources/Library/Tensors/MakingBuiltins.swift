import Gradients
import Host
import Language
import Tensors

let dtypeParameter = Parameter.optional(
  "dtype", .string, Value("float32"), "float32, float64, int32, uint8 or bool", namedOnly: true)
let shapeParameter = Parameter.rest(
  "shape", .axes, "the sizes of the axes, as numbers or one list")

/// `tensor`, `zeros`, `ones`, `full`, `eye`, `arange`, `linspace`, `astype`, `item`.
func makingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "tensor", "Makes a tensor of a list, a number, a range or a tensor.",
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
      "zeros", "Makes a tensor of zeros.", [shapeParameter, dtypeParameter],
      result: "tensor",
      examples: [Example("zeros(2, 3)", "tensor [2, 3] float32\n[[0, 0, 0],\n [0, 0, 0]]")]
    ) { Value(try Tensor(zeros: $0.shape("shape"), $0.dtype())) },
    Builtin(
      "ones", "Makes a tensor of ones.", [shapeParameter, dtypeParameter],
      result: "tensor", examples: [Example("ones(3)", "tensor [3] float32\n[1, 1, 1]")]
    ) { Value(try Tensor.ones($0.shape("shape"), $0.dtype())) },
    Builtin(
      "full", "Makes a tensor filled with one number.",
      [
        .required("shape", .axes, "the sizes of the axes"),
        .required("value", .number, "the number"),
        dtypeParameter,
      ], result: "tensor", examples: [Example("full([2], 7)", "tensor [2] float32\n[7, 7]")]
    ) { Value(try Tensor.full($0.shape("shape"), $0.number("value"), $0.dtype())) },
    Builtin(
      "eye", "Makes an identity matrix.",
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
      "arange", "Makes the numbers from a start up to, without, an end.",
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
      "linspace", "Makes evenly spaced numbers, both ends included.",
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
      "astype", "Gives the elements as another type.",
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
      "item", "Gives the only element of a tensor as a number or bool.",
      [.required("x", .tensor, "a tensor of one element")], result: "number or bool",
      examples: [Example("sum(ones(2, 3)).item()", "6")], methodOf: ["tensor"]
    ) { call in
      let tensor = try call.constant("x")
      let number = try tensor.number()
      return tensor.dtype == .bool ? .bool(number != 0) : .number(number)
    },
  ]
}
