import Datasets
import Host
import Language

/// `cached`.
func cachingBuiltins(_ library: Library) -> [Builtin] {
  let disk = DiskCache(DiskCache.defaultFolder(library.host), host: library.host)
  return [
    Builtin(
      "cached", area: "datasets", "Keeps on disk what the transforms so far make of each record.",
      details: """
        What fixed transforms make is kept in memory anyway, within a budget; with "disk" it is also \
        kept from run to run, in files named by content: the source's bytes, the transforms and their \
        parameters, what is drawn for the record. Any number of runs may share them. `limbeck cache` \
        lists and clears them; LIMBECK_CACHE says where they are. "memory" leaves all as it is.
        """,
      [
        .required("d", .dataset, "the data set"),
        .optional("where", .string, Value("disk"), "\"disk\" or \"memory\""),
      ], result: "dataset",
      examples: [
        Example(
          "shapes(3) |> resize(16) |> cached(\"memory\")",
          "dataset: 3 records, 3 classes, [1, 16, 16], resize(16)")
      ], methodOf: ["dataset"], staging: .staged(input: .dataset)
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
      return .object(DatasetObject(dataset.map { $0.mapped(Transforms.cached(disk)) }))
    }
  ]
}
