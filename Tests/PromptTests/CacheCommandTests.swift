import TestSupport
import Testing

/// `cached("disk")` as processes see it: runs at the same time, runs that are killed, and
/// `limbeck cache`.
@Suite struct CacheCommandTests {
  private let temporary = TemporaryFolder()
  private var folder: String { temporary.path }

  private func shell(_ command: String) -> String {
    Shell.output(of: "export LIMBECK_CACHE=\(folder)/cache; cd \(folder); " + command)
  }

  @Test(
    "boxes and parts come back from another process as they went in",
    .enabled(if: Shell.limbeck != nil, "limbeck is not built next to the tests"))
  func parts() throws {
    let limbeck = try #require(Shell.limbeck)
    // Two birds, of which one shows both parts and the other one.
    let script = """
      let place = option("place", "disk")
      fn seen(d) { [d.boxes, d.parts, d.images] }
      let A = cub(".").train |> crop_to_box(0.1) |> resize(12) |> distort(grid: 4, sigma: 1)
      print seen(A |> cached(place)), seen(A |> cached(place) |> random_flip(probability: 1))
      """
    _ = shell(
      """
      mkdir -p parts images/A; cat > a.lbk <<'END'
      \(script)
      END
      printf '1 A/a.png\\n2 A/b.png\\n' > images.txt
      printf '1 A\\n' > classes.txt
      printf '1 1\\n2 1\\n' | tee image_class_labels.txt > train_test_split.txt
      printf '1 3 2 24.5 26\\n2 5 5 20 20\\n' > bounding_boxes.txt
      printf '1 back\\n2 left eye\\n' > parts/parts.txt
      printf '1 1 12.5 9 1\\n1 2 20 18.25 1\\n2 1 0 0 0\\n2 2 11 13 1\\n' > parts/part_locs.txt
      \(limbeck) -e 'for n in ["a", "b"] { write(uniform(3, 30, 32), "images/A/" + n + ".png") }'
      """)
    let right = shell("\(limbeck) run a.lbk --place memory 2>&1")
    #expect(right.contains("left eye") && right.contains("back"), "\(right)")
    #expect(shell("\(limbeck) run a.lbk 2>&1") == right)
    #expect(shell("\(limbeck) cache").contains(" 2 records"))
    #expect(shell("\(limbeck) run a.lbk 2>&1") == right)
  }

  @Test(
    "runs at the same time and kills at any moment leave a cache that is right",
    .enabled(if: Shell.limbeck != nil, "limbeck is not built next to the tests"))
  func kills() throws {
    let limbeck = try #require(Shell.limbeck)
    // Records whose pixels take more than one segment.
    let script = """
      let place = option("place", "disk")
      let d = shapes(3000, size: 64) |> distort(grid: 4) |> cached(place)
      let seen = 0
      let total = 0
      for x, y in batches(d, 100) {
        seen += len(x)
        total += sum(x).item()
      }
      print seen, total
      """
    _ = shell("cat > a.lbk <<'END'\n\(script)\nEND")
    let right = shell("\(limbeck) run a.lbk --place memory")
    #expect(right.hasPrefix("3000 "))
    #expect(shell("\(limbeck) cache").contains("0 chains, 0 B"))
    // Killed after so many hundredths of a second: before, in and after the writing of segments. (Not
    // by `timeout` or `wait`, which hang where the tests' thread blocks SIGCHLD.)
    for wait in stride(from: 5, to: 100, by: 9) {
      let seconds = "0." + (wait < 10 ? "0" : "") + "\(wait)"
      _ = shell("\(limbeck) run a.lbk >/dev/null 2>&1 & pid=$!; sleep \(seconds); kill -9 $pid")
    }
    let all = shell("seq 4 | xargs -P 4 -I{} \(limbeck) run a.lbk")
    #expect(all == String(repeating: right, count: 4))
    #expect(shell("\(limbeck) run a.lbk") == right)
    // All there once; what was killed in the midst of writing is listed, and cleared.
    let list = shell("\(limbeck) cache")
    #expect(list.contains("shapes |> distort(grid: 4, sigma: 1.142857)"), "\(list)")
    #expect(shell("\(limbeck) cache clear nonesuch 2>&1").contains("the chain nonesuch is not in"))
    #expect(shell("\(limbeck) cache clear").hasPrefix("removed 1 chain, "))
    #expect(shell("\(limbeck) cache").contains("0 chains, 0 B"))
    // A cache that may not be large enough.
    let small = shell("LIMBECK_CACHE_LIMIT=40000000 \(limbeck) run a.lbk 2>&1")
    #expect(small.contains("are in use; the run continues without it") && small.hasSuffix(right))
    #expect(shell("LIMBECK_CACHE_LIMIT=40000000 \(limbeck) cache").contains(" MB of 40 MB\n"))
    #expect(
      shell("LIMBECK_CACHE_LIMIT=1kB \(limbeck) cache 2>&1").contains(
        "LIMBECK_CACHE_LIMIT must be a whole number of bytes such as 4000000000, it is 1kB"))
    _ = shell("\(limbeck) cache clear")
    // A limit on the size of files stands for a full disk.
    let limited = shell("ulimit -f 4000; \(limbeck) run a.lbk 2>&1")
    #expect(limited.contains("note: cached: write: ") && limited.hasSuffix(right), "\(limited)")
  }
}
