import Host
import Language
import Syntax
import Synchronization
import Testing

@testable import Library

/// Sessions that run at the same time in one process, each for a run of its own.
struct TwoSessionsTests {
  /// Draws, renders with random transforms, trains, and prints the results with all digits.
  private static let script = """
    seed(3)
    let d = shapes(24) |> grey() |> resize(16) |> random_flip() |> normalize(mean: 0.5, std: 0.5)
    let g = sequential([conv(4, 3, padding: 1), relu, flatten, dense(5)])
    let opt = sgd(g, lr: 0.05, momentum: 0.9)
    for epoch in 0..2 {
      for x, y in batches(d, 8) {
        minimize(opt, fn() { cross_entropy(g(x), y) })
      }
    }
    print(randn(2, 3), f"{sum(g(randn(4, 1, 16, 16))):.9f}")
    """

  /// What a session prints that runs on a thread of its own.
  private static func printed() -> String {
    let session = TestSession()
    var text = ""
    Thread(stack: Thread.deepStack) {
      RunContext().run {
        do {
          try session.run(script)
          text = session.host.takePrinted()
        } catch let error as Diagnostic {
          text = error.rendered(columns: 100)
        } catch {
          text = "\(error)"
        }
      }
    }?.join()
    return text
  }

  @Test("two that train at once give the numbers of one, twice over")
  func numbers() {
    let alone = TwoSessionsTests.printed()
    #expect(!alone.contains("error"), "\(alone)")
    let results = Mutex<[String]>([])
    let threads = (0..<2).compactMap { _ in
      Thread {
        for _ in 0..<2 {
          let text = TwoSessionsTests.printed()
          results.withLock { $0.append(text) }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(results.withLock { $0 } == [String](repeating: alone, count: 4))
  }
}
