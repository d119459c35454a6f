import Host
import Tensors
import Testing

struct RandomScopeTests {
  private let root = RandomScope(seed: 3)

  private func key(_ scope: RandomScope) -> RandomKey { scope.draw { $0 } }

  @Test("a scope's draws depend on its names and their number alone")
  func names() {
    _ = key(root)
    let a = RandomScope("a", in: root)
    let again = RandomScope("a", in: RandomScope(seed: 3))
    #expect(key(a) == key(again))
    #expect(key(a) == key(again))
    let others = [
      key(a), key(RandomScope("b", in: root)), key(RandomScope("a", in: a)), key(root),
      key(RandomScope("a", in: RandomScope(seed: 4))),
    ]
    #expect(Set(others).count == others.count)
    #expect(root.draws == 2 && root.made.isEmpty)
  }

  @Test("makers count apart from each other and from draws, and what fails is not counted")
  func makers() {
    func made(_ maker: String) -> RandomKey { root.make(maker) { $0 } }
    let first = made("dense")
    _ = key(root)
    #expect(made("conv") != first)
    #expect(throws: Failure.self) { try root.make("dense") { _ in throw Failure("x", "x") } }
    #expect(throws: Failure.self) { try root.draw { _ in throw Failure("x", "x") } }
    #expect(root.draws == 1 && root.made == ["dense": 1, "conv": 1])
    let second = made("dense")
    let resumed = RandomScope(seed: 3, made: ["dense": 1])
    #expect(resumed.make("dense") { $0 } == second && second != first)
  }

  @Test("passes over data are the epochs themselves but in a named scope")
  func passes() {
    let a = RandomScope("a", in: root)
    #expect(root.pass(4) == 4 && RandomScope(seed: 9, in: a).pass(4) == 4)
    #expect(Set([a.pass(4), a.pass(5), RandomScope("b", in: root).pass(4), 4]).count == 4)
    #expect(a.pass(4) == RandomScope("a", in: RandomScope(seed: 3)).pass(4))
  }
}
