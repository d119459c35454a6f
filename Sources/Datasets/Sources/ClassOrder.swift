/// How classes are numbered by their names.
public enum ClassOrder: String, CaseIterable, Sendable {
  /// Numerically if all names are numbers, otherwise as text.
  case number
  /// By their bytes, as torchvision's ImageFolder does.
  case text

  /// The distinct names in this order.
  func sorted(_ names: some Sequence<String>) -> [String] {
    let byText = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard self == .number else { return byText }
    let numbers = byText.compactMap(ClassOrder.number)
    guard numbers.count == byText.count else { return byText }
    return zip(byText, numbers).enumerated()
      .sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(\.element.0)
  }

  /// The note for `names` that would have another order as text.
  func note(_ names: [String], of root: String) -> String? {
    let byText = ClassOrder.text.sorted(names)
    guard let i = names.indices.first(where: { names[$0] != byText[$0] }) else { return nil }
    return
      "the classes of \(root) are in the order of their numbers: label \(i) is class \(names[i]); "
      + "order: \"text\" gives torchvision's order, where it is class \(byText[i])"
  }

  /// The number that a name spells, but not `nan` or `0x10`.
  private static func number(_ name: String) -> Double? {
    guard name.utf8.allSatisfy({ (48...57).contains($0) || "+-.".utf8.contains($0) }) else {
      return nil
    }
    return Double(name)
  }
}
