import Testing

@testable import Ranks

/// The tree by which the parts of a batch are added.
struct PartTreeTests {
  /// The sum of all parts as text, made on some ranks and then of what they have.
  private func sum(_ parts: Int, _ ranks: Int) -> String {
    let tree = PartTree(parts: parts, ranks: ranks)
    func plus(_ a: inout String, _ b: String) { a = "(\(a)+\(b))" }
    var all = PartSum<String>(tree)
    for rank in 0..<ranks {
      var own = PartSum<String>(tree)
      for part in tree.parts(of: rank) { own.add(part..<part + 1, "\(part)", plus) }
      #expect(own.nodes.map(\.parts) == tree.nodes(of: rank))
      for node in own.nodes { all.add(node.parts, node.value, plus) }
    }
    #expect(all.nodes.count == 1)
    return all.nodes.first?.value ?? ""
  }

  @Test("the order of the additions does not depend on the number of ranks", arguments: 1...9)
  func order(parts: Int) {
    for ranks in 2...11 { #expect(sum(parts, ranks) == sum(parts, 1)) }
  }

  @Test("the parts are halved at powers of two")
  func shape() {
    #expect(sum(4, 3) == "((0+1)+(2+3))")
    #expect(sum(7, 1) == "(((0+1)+(2+3))+((4+5)+6))")
  }

  @Test("three ranks have 2, 1 and 1 of four parts, and a batch of two records has two")
  func spread() {
    let tree = PartTree(parts: 4, ranks: 3)
    #expect((0..<3).map { tree.parts(of: $0) } == [0..<2, 2..<3, 3..<4])
    let few = BatchParts(of: 2, parts: 4, among: nil)
    #expect(few.own.map(\.division.positions) == [0..<1, 1..<2])
    #expect(few.tree.parts == 2 && few.positions == 0..<2 && few.empty == nil)
  }

  @Test("the moments of all ranks' elements are those of one list, also if a rank has none")
  func moments() {
    let parts: [[Double]] = [[1, 2, 6], [4], []]
    func moments(_ x: [Double]) -> [Double] {
      let mean = x.isEmpty ? 0 : x.reduce(0, +) / Double(x.count)
      let squares = x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
      return [Double(x.count), mean, x.isEmpty ? 0 : squares / Double(x.count)]
    }
    // Of two channels, the second has the negative elements.
    let nodes = parts.map { moments($0) + moments($0.map { -$0 }) }
    var all = [Double](repeating: 0, count: 6)
    let memory = nodes.map { node in
      let memory = UnsafeMutablePointer<Double>.allocate(capacity: 6)
      memory.update(from: node, count: 6)
      return memory
    }
    defer { memory.forEach { $0.deallocate() } }
    let plan = Plan(PartTree(parts: 3, ranks: 3))
    all.withUnsafeMutableBytes {
      guard let start = $0.baseAddress else { return }
      Numbers.moments.add(plan, memory.map { UnsafeRawPointer($0) }, 2, start)
    }
    #expect(all == [4, 3.25, 3.6875, 4, -3.25, 3.6875])
  }
}
