import Datasets
import Host
import Language

private let dataset = Argument("d", .dataset, "the data set")
private let place = Argument(
  "where", .choice(["disk", "memory"]), default: "disk", "where the results are kept")

/// `cached`.
func cachingBuiltins(_ library: Library) -> [Builtin] {
  var made: DiskCache?
  /// The session's one cache, made when it is first wanted: its limit may be wrong.
  func disk() throws -> DiskCache {
    let disk = try made ?? DiskCache(host: library.host)
    made = disk
    return disk
  }
  return [
    Builtin(
      "cached", "Keeps on disk what the transforms so far make of each record.",
      details: """
        Results of fixed transforms are kept in memory anyway, within a budget; with "disk" they are also \
        kept from run to run, in files named by content: the source's bytes, the transforms and their \
        parameters, what is drawn for the record. Any number of runs may share them. `limbeck cache` \
        lists and clears them; LIMBECK_CACHE names their folder, LIMBECK_CACHE_LIMIT how many bytes they \
        may take (50 GB): the least recently used are deleted first, and none that a running process uses. \
        "memory" changes nothing.
        """,
      searchTerms: ["cache", "preprocessed"], [dataset, place], result: "dataset",
      examples: [
        Example(
          "shapes(3) |> resize(16) |> cached(\"memory\")",
          "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)")
      ], methodOf: ["dataset"], staging: .staged(chains: true)
    ) { call in
      let data = try call[dataset]
      guard try call[place] == "disk" else { return .object(DatasetObject(data)) }
      guard data.splits.allSatisfy(\.view.isFixed) else {
        throw Failure(
          "random",
          "cached: the results of the transforms differ from epoch to epoch, or nothing tells whether they do: "
            + (data.splits[0].view.transforms ?? []).joined(separator: " |> "),
          hint: "put random transforms after cached, and give map_images a key", argument: 0)
      }
      let disk = try disk()
      return .object(DatasetObject(data.map { $0.cached(on: disk) }))
    }
  ]
}
