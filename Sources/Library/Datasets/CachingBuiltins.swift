import Datasets
import Host
import Language

private let dataset = Argument("d", .dataset, "the data set")
private let place = Argument(
  "where", .choice(["disk", "memory"]), default: "disk", "where the results are cached")

/// `cached`.
func cachingBuiltins(_ library: Library) -> [Builtin] {
  var made: DiskCache?
  /// The session's cache, made on first use, because its limit may be invalid.
  func disk() throws -> DiskCache {
    let disk = try made ?? DiskCache(host: library.host)
    made = disk
    return disk
  }
  return [
    Builtin(
      "cached", "Caches the results of the transforms so far on disk.",
      details: """
        The results of fixed transforms are always cached in memory, within a budget. With "disk" \
        they are also kept from run to run, in files keyed by content: the source's bytes, the \
        transforms and their parameters, and the record's random draws. Any number of runs may \
        share them. `limbeck cache` lists and clears them; LIMBECK_CACHE sets their folder and \
        LIMBECK_CACHE_LIMIT how many bytes they may take (50 GB). The least recently used are \
        deleted first, but none that a running process uses. "memory" changes nothing.
        """,
      searchTerms: ["cache", "preprocessed"], [dataset, place], result: "dataset",
      examples: [
        Example(
          "shapes(3) |> resize(16) |> cached(\"memory\")",
          "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)")
      ], methodOf: ["dataset"], staging: .staged(chains: true)
    ) { call in
      let data = try call[dataset]
      guard try call[place] == "disk" else { return Value(data) }
      guard data.splits.allSatisfy(\.view.isFixed) else {
        throw Failure(
          "random",
          "cached: the results of the transforms differ from epoch to epoch, or may do so: "
            + (data.splits[0].view.transforms ?? []).joined(separator: " |> "),
          hint: "put random transforms after cached, and give map_images a key", argument: 0)
      }
      let disk = try disk()
      return Value(data.map { $0.cached(on: disk) })
    }
  ]
}
