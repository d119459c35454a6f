import Gradients
import Host
import Language
import Tensors

/// The arguments that functions which create tensors share.
enum NewTensor {
  /// The shape, as any number of arguments.
  static let shape = Argument(
    rest: "shape", .sizes, "the sizes of the axes, as numbers or one list")
  /// The element type.
  static let dtype = Argument(
    "dtype", .dtype, default: "float32", "the type of the elements", named: true)
}

private let values = Argument(
  "values", .numeric, "numbers or bools, in lists nested as deeply as the tensor has axes")
private let wantedType = Argument(
  "dtype", .optional(.dtype), "the type of the elements; nil is float32 for numbers", named: true)
private let sizes = Argument("shape", .sizes, "the sizes of the axes")
private let fill = Argument("value", .number, "the number")
private let rows = Argument("rows", .whole(0...), "the number of rows")
private let columns = Argument(
  "columns", .optional(.whole(0...)), "the number of columns; nil makes a square matrix")
private let start = Argument("start", .number, "the first number")
private let end = Argument("end", .number, "the last number")
private let startOrEnd = Argument(
  "start", .number, "the first number, or the end where it is the only argument")
private let excludedEnd = Argument("end", .optional(.number), "the end, excluded")
private let step = Argument("step", .number, default: 1, "the step from one number to the next")
private let count = Argument("count", .whole(0...), "how many numbers")
private let x = Argument("x", .numeric, "a tensor")
private let newType = Argument("dtype", .dtype, "the new type")
private let single = Argument("x", .tensor, "a tensor of one element")

/// The builtins that create tensors from numbers and convert their element types.
func makingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "tensor", "Makes a tensor from a list, a number, a range or a tensor.",
      details: "Nested lists of equal length become further axes. Bools make a bool tensor.",
      searchTerms: ["array", "matrix", "vector", "element type"],
      [values, wantedType], result: "tensor",
      examples: [
        Example("tensor([[1, 2], [3, 4.5]])", "tensor [2, 2] float32\n[[1.0, 2.0],\n [3.0, 4.5]]"),
        Example("tensor([0, 1, 2], dtype: \"int32\").dtype", "\"int32\""),
      ],
      foresight: { call in
        guard case .literal(let value)? = call.argument(values) else { return nil }
        do { _ = try TensorObject.tensorOf(value) } catch {
          return (error as? Failure).map { Failure($0.kind, "tensor: \($0.message)") }
        }
        return nil
      }
    ) { call in
      guard let dtype = try call[wantedType] else { return Value(try call[values]) }
      // The tensor is first created as float64, so that integers keep all their digits.
      return Value(try TensorObject.tensorOf(call.values[0], .float64).cast(to: dtype))
    },
    Builtin(
      "zeros", "Makes a tensor of zeros.", [NewTensor.shape, NewTensor.dtype],
      result: "tensor",
      examples: [Example("zeros(2, 3)", "tensor [2, 3] float32\n[[0, 0, 0],\n [0, 0, 0]]")]
    ) { Value(try Tensor(zeros: $0.shape(NewTensor.shape), $0[NewTensor.dtype])) },
    Builtin(
      "ones", "Makes a tensor of ones.", [NewTensor.shape, NewTensor.dtype],
      result: "tensor", examples: [Example("ones(3)", "tensor [3] float32\n[1, 1, 1]")]
    ) { Value(try Tensor.ones($0.shape(NewTensor.shape), $0[NewTensor.dtype])) },
    Builtin(
      "full", "Makes a tensor filled with one number.",
      searchTerms: ["constant", "fill"],
      [sizes, fill, NewTensor.dtype], result: "tensor",
      examples: [Example("full([2], 7)", "tensor [2] float32\n[7, 7]")]
    ) { Value(try Tensor.full($0[sizes], $0[fill], $0[NewTensor.dtype])) },
    Builtin(
      "eye", "Makes an identity matrix.", searchTerms: ["diagonal"],
      [rows, columns, NewTensor.dtype], result: "tensor [rows, columns]",
      examples: [Example("eye(2)", "tensor [2, 2] float32\n[[1, 0],\n [0, 1]]")]
    ) { Value(try Tensor.eye($0[rows], $0[columns], $0[NewTensor.dtype])) },
    Builtin(
      "arange", "Makes evenly spaced numbers from a start to an end that is excluded.",
      [startOrEnd, excludedEnd, step, NewTensor.dtype], result: "tensor",
      examples: [
        Example("arange(4)", "tensor [4] float32\n[0, 1, 2, 3]"),
        Example("arange(1, 2, 0.25)", "tensor [4] float32\n[1.00, 1.25, 1.50, 1.75]"),
      ]
    ) { call in
      let (first, end) = (try call[startOrEnd], try call[excludedEnd])
      return Value(
        try Tensor.arange(
          end == nil ? 0 : first, end ?? first, step: call[step], call[NewTensor.dtype]))
    },
    Builtin(
      "linspace", "Makes evenly spaced numbers, both ends included.",
      [start, end, count, NewTensor.dtype], result: "tensor [count]",
      examples: [Example("linspace(0, 1, 5)", "tensor [5] float32\n[0.00, 0.25, 0.50, 0.75, 1.00]")]
    ) { Value(try Tensor.linspace($0[start], $0[end], $0[count], $0[NewTensor.dtype])) },
    Builtin(
      "astype", "Converts the elements to another type.",
      details: """
        Converting floats to integers drops the fraction; a number that does not fit is an error. \
        Converting to bool tells whether an element is not 0.
        """,
      searchTerms: ["cast", "convert", "element type", "to float", "to int"],
      [x, newType], result: "tensor",
      examples: [
        Example("astype(tensor([1.5, -0.5]), \"int32\")", "tensor [2] int32\n[1, 0]")
      ], methodOf: ["tensor"]
    ) { Value(try $0[x].cast(to: $0[newType])) },
    Builtin(
      "item", "Gives the only element of a tensor as a number or bool.",
      searchTerms: ["scalar"], [single], result: "number or bool",
      examples: [Example("sum(ones(2, 3)).item()", "6")], methodOf: ["tensor"]
    ) { call in
      let tensor = try call.untracked(single)
      let number = try tensor.number()
      return tensor.dtype == .bool ? .bool(number != 0) : .number(number)
    },
  ]
}
