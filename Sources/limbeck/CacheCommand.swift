import ArgumentParser
import Datasets
import Host

/// `limbeck cache`, which manages the data that `cached("disk")` has stored.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "List or clear what cached(\"disk\") has kept.",
    discussion: """
      LIMBECK_CACHE, where it is set, is the folder; else it is ~/.cache/limbeck. LIMBECK_CACHE_LIMIT is
      how many bytes it may take; else 50 GB.
      """,
    subcommands: [List.self, Clear.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the chains that are kept, with their size.")
    func run() throws { throw ExitCode(Program.shared.listCache()) }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "clear",
      abstract: "Remove chains by their id (or its beginning), or all of them.")

    @Argument(help: "The ids, as the list shows them; none removes all.")
    var ids: [String] = []

    func run() throws { throw ExitCode(Program.shared.clearCache(ids)) }
  }
}

extension Program {

  /// Lists the disk cache; returns the exit code.
  func listCache() -> Int32 {
    reporting {
      let cache = try DiskCache(host: host)
      let entries = try cache.entries()
      var text =
        "\(cache.folder): \(CacheText.size(of: entries)) of \(Memory.describe(cache.limit))\n"
      for entry in entries {
        text += "\(entry.id.prefix(8))  \(Memory.describe(entry.bytes)), \(entry.records) records"
        if entry.broken > 0 { text += ", \(entry.broken) damaged or unfinished files" }
        if entry.isInUse { text += ", in use" }
        text += "  \(entry.title)\n"
      }
      host.output(text)
    }
  }

  /// Removes chains from the disk cache; returns the exit code.
  func clearCache(_ ids: [String]) -> Int32 {
    reporting {
      let cache = try DiskCache(host: host)
      let entries = try cache.entries()
      var chosen = entries
      if !ids.isEmpty {
        for id in ids where !entries.contains(where: { $0.id.hasPrefix(id) }) {
          throw Failure(
            "argument", "cache: the chain \(id) is not in \(cache.folder)",
            hint: "limbeck cache lists them")
        }
        chosen = entries.filter { entry in ids.contains { entry.id.hasPrefix($0) } }
      }
      for entry in chosen { try cache.remove(entry.id) }
      host.output("removed \(CacheText.size(of: chosen)) from \(cache.folder)\n")
    }
  }
}

private enum CacheText {
  static func size(of entries: [DiskCache.Entry]) -> String {
    "\(entries.count) \(entries.count == 1 ? "chain" : "chains"), "
      + Memory.describe(entries.reduce(0) { $0 + $1.bytes })
  }
}
