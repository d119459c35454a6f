import Testing

@testable import Language

/// When a builtin creates its parameters.
struct BuiltinTests {
  @Test func parametersAreCreatedOnceWhenTheyAreFirstUsed() {
    var created = 0
    func parameters() -> [AnyArgument] {
      created += 1
      return [Argument("x", .number, "A number."), Argument("y", .number, default: 1, "Another.")]
    }
    let builtin = Builtin("f", "A function.", parameters(), result: "nil", examples: []) { _ in .nil
    }
    #expect(created == 0)
    #expect(builtin.parameters.map(\.name) == ["x", "y"])
    #expect(builtin.parameters[0] === builtin.parameters[0])
    #expect(created == 1)
    #expect(builtin.places.map(\.mask) == builtin.parameters.map(\.type.mask))
    #expect(builtin.isSimple)
  }

  @Test func allElementsAreMappedOrNone() {
    #expect([1, 2, 3].mapAll { $0 > 0 ? 2 * $0 : nil } == [2, 4, 6])
    #expect([1, -2, 3].mapAll { $0 > 0 ? 2 * $0 : nil } == nil)
  }
}
