import Glibc
import Host
import Testing

@testable import Tensors

/// The memory of large blocks.
struct ArenaTests {
  private static let page = 4096

  @Test("a size is a whole number of pages")
  func sizes() {
    #expect(Arena.size(1) == 4096 && Arena.size(4096) == 4096 && Arena.size(4097) == 8192)
  }

  @Test("a block goes to the smallest gap that has room for it, and neighbours become one gap")
  func gaps() throws {
    var arena = Arena()
    var blocks: [UnsafeMutableRawPointer] = []
    for pages in [4, 1, 2, 1, 3, 1] {
      blocks.append(try taken(&arena, pages))
    }
    for i in [0, 2, 4] { arena.give(blocks[i], [4, 0, 2, 0, 3][i] * ArenaTests.page) }
    let two = try taken(&arena, 2)
    let three = try taken(&arena, 3)
    #expect(two == blocks[2] && three == blocks[4])
    // The pages 0 to 4 and those of the first small block are one gap now.
    arena.give(blocks[1], ArenaTests.page)
    let five = try taken(&arena, 5)
    #expect(five == blocks[0])
    let (kept, isOwn) = (arena.kept, arena.has(five))
    #expect(kept == 0 && isOwn)
  }

  @Test("what is not kept is returned to the system")
  func release() throws {
    var arena = Arena()
    let block = try taken(&arena, 8)
    memset(block, 7, 8 * ArenaTests.page)
    arena.give(block, 8 * ArenaTests.page)
    let kept = arena.kept
    #expect(kept == 8 * ArenaTests.page)
    arena.release(to: 0)
    let left = arena.kept
    #expect(left == 0)
    let again = try taken(&arena, 8)
    #expect(again == block && again.load(as: UInt8.self) == 0)
  }

  @Test("blocks do not overlap")
  func overlaps() throws {
    var arena = Arena()
    var random = RandomNumbers(seed: 5)
    var live: [(block: UnsafeMutableRawPointer, pages: Int, mark: Int)] = []
    for mark in 0..<3000 {
      if live.count < 40, random.next() % 2 == 0 || live.isEmpty {
        let pages = Int(random.next() % 9) + 1
        let block = try taken(&arena, pages)
        for page in 0..<pages {
          (block + page * ArenaTests.page).storeBytes(of: mark, as: Int.self)
        }
        live.append((block, pages, mark))
      } else {
        let (block, pages, mark) = live.remove(at: Int(random.next() % UInt64(live.count)))
        for page in 0..<pages {
          let found = (block + page * ArenaTests.page).load(as: Int.self)
          if found != mark { Issue.record("a block of mark \(mark) has \(found)") }
        }
        arena.give(block, pages * ArenaTests.page)
      }
    }
  }

  private func taken(_ arena: inout Arena, _ pages: Int) throws -> UnsafeMutableRawPointer {
    let block = arena.take(pages * ArenaTests.page)
    return try #require(block)
  }
}

/// Numbers that are the same in each run.
private struct RandomNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
