import Host
import Tensors

extension Variable {
  /// Sums of products over named axes, in Einstein's notation: `"ij,jk->ik"`. Letters before the arrow
  /// name the axes of the tensors; those after it are the axes of the result, and the others are summed
  /// over. Without an arrow, these are the letters that occur once, in alphabetical order. A letter twice
  /// in one tensor takes its diagonal. Throws `value`, `shape`.
  public static func einsum(_ formula: String, _ tensors: [Variable]) throws -> Variable {
    let (names, wanted) = try letters(of: formula, tensors)
    var terms = try zip(names, tensors).map { try Term($0, $1).withoutRepeats() }
    // From left to right; an axis is summed as soon as nothing else needs it.
    while terms.count > 1 {
      let (a, b) = (terms[0], terms[1])
      let needed = Set(wanted + terms.dropFirst(2).flatMap(\.names))
      terms.replaceSubrange(0..<2, with: [try Term.product(a, b, keeping: needed)])
    }
    return try terms[0].summed(keeping: Set(wanted)).ordered(wanted).x
  }

  /// The letters of each tensor and of the result, checked against the tensors' shapes.
  private static func letters(of formula: String, _ tensors: [Variable]) throws -> (
    [[Character]], [Character]
  ) {
    func wrong(_ message: String, kind: String = "value") -> Failure {
      Failure(
        kind, "einsum: \(message)", label: "the formula is \"\(formula)\"",
        hint: "einsum(\"ij,jk->ik\", a, b) is a @ b")
    }
    let text = formula.filter { $0 != " " }
    let ends = text.firstRange(of: "->").map { (text[..<$0.lowerBound], text[$0.upperBound...]) }
    let names = (ends?.0 ?? text[...]).split(separator: ",", omittingEmptySubsequences: false)
      .map(Array.init)
    let all = names.flatMap { $0 }
    let wanted =
      ends.map { Array($0.1) }
      ?? Set(all).filter { letter in all.filter { $0 == letter }.count == 1 }.sorted()
    guard (all + wanted).allSatisfy({ $0.isASCII && $0.isLetter }) else {
      throw wrong("a formula consists of letters, commas and one arrow")
    }
    guard names.count == tensors.count else {
      throw wrong("the formula is about \(names.count) tensors, and there are \(tensors.count)")
    }
    guard Set(wanted).count == wanted.count, Set(wanted).isSubset(of: all) else {
      throw wrong("each axis of the result is a letter from before the arrow, once")
    }
    var sizes: [Character: Int] = [:]
    for (i, (names, tensor)) in zip(names, tensors).enumerated() {
      guard names.count == tensor.shape.count else {
        throw wrong(
          "\"\(String(names))\" names \(names.count) axes, and tensor \(i) is "
            + Tensor.describe(tensor.shape), kind: "shape")
      }
      for (name, size) in zip(names, tensor.shape) {
        guard sizes[name, default: size] == size else {
          throw wrong(
            "axis \(name) is \(sizes[name, default: size]) in one place and \(size) in another",
            kind: "shape")
        }
        sizes[name] = size
      }
    }
    return (names, wanted)
  }
}

/// A tensor whose axes have names.
private struct Term {
  let names: [Character]
  let x: Variable

  init(_ names: [Character], _ x: Variable) { (self.names, self.x) = (names, x) }

  /// The axes in the order of these names, which are the same.
  func ordered(_ wanted: [Character]) throws -> Term {
    if wanted == names { return self }
    return Term(wanted, try x.transposed(wanted.compactMap { names.firstIndex(of: $0) }))
  }

  /// The sum over the axes that are not kept.
  func summed(keeping kept: Set<Character>) throws -> Term {
    let gone = names.indices.filter { !kept.contains(names[$0]) }
    if gone.isEmpty { return self }
    return Term(names.filter(kept.contains), try x.sum(axes: gone))
  }

  /// The diagonals of axes that have one name.
  func withoutRepeats() throws -> Term {
    guard let second = names.indices.first(where: { names[..<$0].contains(names[$0]) }),
      let first = names.firstIndex(of: names[second])
    else { return self }
    // The two axes go to the front, where one index takes both.
    let others = names.indices.filter { $0 != first && $0 != second }
    let size = x.shape[first]
    let places = TensorIndex.tensor(try Tensor((0..<size).map { Int32($0) }, shape: [size]))
    let diagonal = try x.transposed([first, second] + others).at([places, places])
    return try Term([names[first]] + others.map { names[$0] }, diagonal).withoutRepeats()
  }

  /// The product of two, summed over the axes that are not kept: a product of matrices [batch, own, summed]
  /// and [batch, summed, own].
  static func product(_ a: Term, _ b: Term, keeping kept: Set<Character>) throws -> Term {
    let a = try a.summed(keeping: kept.union(b.names))
    let b = try b.summed(keeping: kept.union(a.names))
    let shared = a.names.filter(b.names.contains)
    let (batch, summed) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
    let ownA = a.names.filter { !shared.contains($0) }
    let ownB = b.names.filter { !shared.contains($0) }
    let left = try a.ordered(batch + ownA + summed)
    let right = try b.ordered(batch + summed + ownB)
    func size(_ names: [Character], in term: Term) -> [Int] {
      names.map { name in zip(term.names, term.x.shape).first { $0.0 == name }?.1 ?? 1 }
    }
    let sizes = (batch: size(batch, in: a), a: size(ownA, in: a), b: size(ownB, in: b))
    let inner = size(summed, in: a).reduce(1, *)
    let y = try Variable.matmul(
      left.x.reshape(sizes.batch + [sizes.a.reduce(1, *), inner]),
      right.x.reshape(sizes.batch + [inner, sizes.b.reduce(1, *)]))
    return Term(batch + ownA + ownB, try y.reshape(sizes.batch + sizes.a + sizes.b))
  }
}
