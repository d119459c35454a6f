import Language
import Syntax
import Testing

@testable import Library

@Suite struct TensorBuiltinTests {
  @Test("what the prompt shows of tensors")
  func display() throws {
    #expect(try shown("tensor(3.5)") == "3.5")
    #expect(try shown("tensor(0.1)") == "0.1")
    #expect(try shown("tensor([])") == "tensor [0] float32\n[]")
    #expect(try shown("tensor([1, nan, -inf])") == "tensor [3] float32\n[1, nan, -inf]")
    #expect(try shown("tensor([1e-6, 2])") == "tensor [2] float32\n[1e-06, 2e+00]")
    #expect(
      try shown("arange(2000).reshape(20, 100)")
        == """
        tensor [20, 100] float32, 0 to 1999
        [[   0,    1,    2, ...,   97,   98,   99],
         [ 100,  101,  102, ...,  197,  198,  199],
         [ 200,  201,  202, ...,  297,  298,  299],
         ...,
         [1700, 1701, 1702, ..., 1797, 1798, 1799],
         [1800, 1801, 1802, ..., 1897, 1898, 1899],
         [1900, 1901, 1902, ..., 1997, 1998, 1999]]
        """)
    #expect(
      try shown("zeros(2, 1, 2) > 0")
        == "tensor [2, 1, 2] bool\n[[[false, false]],\n\n [[false, false]]]")
    #expect(
      try shown("[zeros(2), ones(100)]")
        == "[tensor [2] float32 [0, 0], tensor [100] float32, 1 to 1]")
    #expect(try shown("f\"{mean(tensor([1, 2])):.2f} {sum(ones(3))}\"") == "\"1.50 3\"")
  }

  @Test("operators take numbers and bools, and == is one answer for other kinds")
  func operators() throws {
    #expect(try shown("1 - tensor([1, 2])") == "tensor [2] float32\n[0, -1]")
    #expect(try shown("2 ^ tensor([1, 2])") == "tensor [2] float32\n[2, 4]")
    #expect(try shown("-tensor([1, 2])") == "tensor [2] float32\n[-1, -2]")
    #expect(try shown("(tensor([1, 2], dtype: \"int32\") + 0.5).dtype") == "\"float32\"")
    #expect(try shown("tensor([1, 2]) == tensor([1, 3])") == "tensor [2] bool\n[true, false]")
    #expect(try shown("tensor([1, 2]) == \"a\"") == "false")
    #expect(try shown("tensor([true, false]) == true") == "tensor [2] bool\n[true, false]")
    #expect(try shown("[ones(2)] == [ones(2)]") == "true")
    #expect(try shown("3 in tensor([1, 3])") == "true")
    #expect(try shown("if any(ones(2) > 0) { 1 } else { 2 }") == "1")
    #expect(try shown("let n = 0\nfor row in ones(4, 2) { n = n + 1 }\nn") == "4")
  }

  @Test("assignment by index never changes another name's tensor")
  func assignment() throws {
    #expect(
      try shown("let x = zeros(2)\nlet y = x\ny[0] = 5\n[x, y]")
        == "[tensor [2] float32 [0, 0], tensor [2] float32 [5, 0]]")
    #expect(try shown("let x = arange(4)\nx[x > 1] = 0\nx") == "tensor [4] float32\n[0, 1, 0, 0]")
    #expect(
      try shown("let x = zeros(2, 2)\nx[:, 1] = [1, 2]\nx")
        == "tensor [2, 2] float32\n[[0, 1],\n [0, 2]]")
    #expect(
      try shown("let m = {w: zeros(2)}\nlet w = m.w\nm.w[0] = 1\n[m.w, w]")
        == "[tensor [2] float32 [1, 0], tensor [2] float32 [0, 0]]")
  }

  @Test("errors say what was expected and what was given")
  func errors() {
    #expect(
      failure("zeros(2)[\"a\"]")
        == "index: a tensor is indexed with numbers, ranges, lists, masks and tensors, got \"a\"")
    #expect(failure("zeros(2)[0.5]") == "index: a position must be a whole number, got 0.5")
    #expect(
      failure("zeros(2, dtype: \"int\")")
        == "zeros: dtype must be \"bool\", \"uint8\", \"int32\", \"float32\" or \"float64\", got \"int\""
    )
    #expect(
      failure("tensor([1, \"a\"])")
        == "tensor: a tensor is made of numbers, bools and lists of them, got \"a\"")
    #expect(
      failure("tensor([[1, 2], [3]])") == "tensor: the list's items differ in shape, [2] and [1]")
    let sizes = "shape must be a whole number or list of whole numbers, 0 or more"
    #expect(failure("zeros(-1)") == "zeros: \(sizes), got -1")
    #expect(failure("full([2, -3], 1)") == "full: \(sizes), got [2, -3]")
    #expect(failure("zeros(2.5)") == "zeros: \(sizes), got 2.5")
    #expect(
      failure("zeros([2, 3], [4])")
        == "zeros: shape must be whole numbers or one list of them, got [[2, 3], [4]]")
    #expect(
      failure("let x = zeros(2, dtype: \"int32\")\nx[0] = 0.5") == "tensors of int32 can't hold 0.5"
    )
    #expect(
      failure("len(tensor(1))") == "len: a tensor of shape [] is one number and has no length")
    #expect(failure("max(3, 5)") == "max: x must be a tensor or list, got 3")
    let error = #expect(throws: Diagnostic.self) { try shown("max(3, 5)") }
    #expect(error?.hint == "maximum(a, b) gives the greater of two")
    #expect(failure("max([])") == "max: [0] has no elements to choose from")
    #expect(
      failure("seed(1)\nzeros(1e6, 1e6)").hasPrefix(
        "a tensor [1000000, 1000000] of float32 needs 4 TB, and "))
  }

  @Test("the seed decides the numbers, whatever was drawn before")
  func seed() throws {
    #expect(
      try shown(
        "seed(3)\nlet a = randn(5)\nseed(3)\nlet b = randn(5)\nlet c = randn(5)\n[all(a == b), all(b == c)]"
      ) == "[true, false]")
  }
}
