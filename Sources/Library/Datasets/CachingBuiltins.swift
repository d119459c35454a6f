import Datasets
import Host
import Language

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
        What fixed transforms make is kept in memory anyway, within a budget; with "disk" it is also \
        kept from run to run, in files named by content: the source's bytes, the transforms and their \
        parameters, what is drawn for the record. Any number of runs may share them. `limbeck cache` \
        lists and clears them; LIMBECK_CACHE says where they are, LIMBECK_CACHE_LIMIT how many bytes they \
        may take (50 GB): those used least recently go first, and none that a running process uses. \
        "memory" leaves all as it is.
        """,
      [
        .required("d", .dataset, "the data set"),
        .optional("where", .string, Value("disk"), "\"disk\" or \"memory\""),
      ], result: "dataset",
      examples: [
        Example(
          "shapes(3) |> resize(16) |> cached(\"memory\")",
          "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)")
      ], methodOf: ["dataset"], staging: .staged(input: .dataset, chains: true)
    ) { call in
      let dataset = try call.dataset("d")
      switch try call.string("where") {
      case "memory": return .object(DatasetObject(dataset))
      case "disk": break
      default: throw call.wrong("where", "\"disk\" or \"memory\"")
      }
      guard dataset.splits.allSatisfy(\.view.isFixed) else {
        throw Failure(
          "random",
          "cached: what the transforms make differs from epoch to epoch, or nobody can tell what it is: "
            + (dataset.splits[0].view.transforms ?? []).joined(separator: " |> "),
          hint: "put random transforms after cached, and give map_images a key", argument: 0)
      }
      let disk = try disk()
      return .object(DatasetObject(dataset.map { $0.cached(on: disk) }))
    }
  ]
}
