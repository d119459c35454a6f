import Testing

@testable import Library

/// `assert_equal` and `assert_close`. The expected outcomes are those of PyTorch's
/// `torch.testing.assert_close`.
struct AssertionTests {
  @Test(arguments: [
    "assert_close(1, 1 + 9e-8)", "assert_close(inf, inf)",
    "assert_close(nan, nan, equal_nan: true)",
    "assert_close(tensor([1, 1e4]), tensor([1.000011, 10000.01]))",
    "assert_close(tensor([1, 2]), [1, 2])", "assert_close([1, 2], tensor([1, 2]))",
    "assert_close(ones(2), tensor([1, 1], dtype: \"float64\"), check_dtype: false)",
    "assert_close({a: [1, ones(2)]}, {a: [1, ones(2)]})", "assert_close(\"a\", \"a\")",
    "assert_close(tensor([1.4]), tensor([1]), rtol: 0, atol: 0.5)", "assert_close(nil, nil)",
    "assert_equal(tensor([true]), [true])", "assert_equal(0..3, 0..3)", "assert_equal([], [])",
  ])
  func passes(_ code: String) throws { try TestSession().run(code) }

  @Test(arguments: [
    ("assert_close(1, 1 + 3e-7)", "assert_close: got 1, wanted 1.0000003"),
    ("assert_close(nan, nan)", "assert_close: got nan, wanted nan"),
    ("assert_close(inf, -inf)", "assert_close: got inf, wanted -inf"),
    ("assert_close(inf, 1)", "assert_close: got inf, wanted 1"),
    ("assert_close(zeros(2, 3), zeros(3, 2))", "assert_close: got shape [2, 3], wanted [3, 2]"),
    (
      "assert_close(ones(1), ones(1, dtype: \"float64\"))",
      "assert_close: got dtype float32, wanted float64"
    ),
    (
      "assert_close(tensor([[1, 2], [3, 4]]), [[1, 2.5], [3, 5]])",
      "assert_close: 2 of 4 elements differ, the most at [1, 1]: got 4, wanted 5"
    ),
    (
      "assert_close(tensor([1, nan]), tensor([3, 1]))",
      "assert_close: 2 of 2 elements differ, the most at [1]: got nan, wanted 1"
    ),
    (
      "assert_close(tensor([1, 2], dtype: \"int32\"), tensor([1, 3], dtype: \"int32\"))",
      "assert_close: 1 of 2 elements differs, at [1]: got 2, wanted 3"
    ),
    ("assert_close([1, 2], [1])", "assert_close: got 2 items, wanted 1"),
    ("assert_close({a: 1}, {b: 1})", "assert_close: got a key \"a\", which is not wanted"),
    ("assert_close({}, {\"b c\": 1})", "assert_close: the key \"b c\" is missing"),
    ("assert_close(1, \"1\")", "assert_close: got 1, wanted \"1\""),
    ("assert_close(ones(2), 1)", "assert_close: got shape [2], wanted []"),
    ("assert_close(1, 2, rtol: 1)", "assert_close: rtol and atol are given together or not at all"),
    ("assert_equal(1, 1 + 1e-9)", "assert_equal: got 1, wanted 1.000000001"),
    ("assert_equal([1, [2]], [1, [3]], message: \"xs\")", "xs: at [1][0]: got 2, wanted 3"),
    ("let x = [1]\nx.append(x)\nassert_equal(x, [1, x, 1])", "assert_equal: got 2 items, wanted 3"),
    (
      "let x = []\nx.append(x)\nlet y = []\ny.append(y)\nassert_equal(x, y)",
      "the values are nested more than 64 deep, or one contains itself"
    ),
  ])
  func fails(_ code: String, _ message: String) { #expect(failure(code) == message) }

  @Test func saysByHowMuch() {
    #expect(
      TestSession().error("assert_close(tensor([1, 20]), tensor([2, 10]))") == """
        error: assert_close: 2 of 2 elements differ, the most at [1]: got 20, wanted 10
         --> test.lbk:1:1
          |
        1 | assert_close(tensor([1, 20]), tensor([2, 10]))
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ off by 10, relatively by 1; 1e-05 + 1.3e-06 * |wanted| is allowed
          = explain: limbeck explain assertion

        """)
  }
}
