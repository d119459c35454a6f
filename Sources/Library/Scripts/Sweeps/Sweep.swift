import Host

/// The runs of a script with all combinations of some options. Each point has a folder that is keyed by its
/// options and the script's digest, so a sweep that is started again does what is missing.
public struct Sweep {
  /// The folder of the sweep.
  public let folder: String
  /// The points.
  public let points: [SweepPoint]
  /// The points in the folder that another text of the script has made.
  let older: [SweepPoint]
  private let host: any Host

  /// Plans a sweep: `combinations` has the options of each point, as far as they are given, all of them,
  /// and the words that give them. The folder is by default `sweeps/<script>`. Nothing is written.
  public init(
    script: String, digest: String, folder: String?,
    combinations: [(
      given: [(name: String, text: String)], options: [(name: String, text: String)],
      arguments: [String]
    )], host: any Host
  ) throws {
    let folder = folder ?? "sweeps/\(Run.name(ofScript: script))"
    let names = host.kind(of: folder) == .folder ? try host.list(folder) : []
    let kept = names.compactMap { try? SweepPoint(of: "\(folder)/\($0)", host: host) }
    let folders = Dictionary(kept.map { ($0.key, $0.folder) }) { first, _ in first }
    points = combinations.map { point in
      let key = SweepPoint.key(point.options, digest)
      return SweepPoint(
        folder: folders[key] ?? "\(folder)/\(SweepPoint.name(point.given, key: key))",
        script: script, digest: digest, given: point.given, options: point.options,
        arguments: point.arguments)
    }
    older = kept.filter { $0.digest != digest }
    (self.folder, self.host) = (folder, host)
  }

  /// The points that are to be run.
  public var left: [SweepPoint] { points.filter { $0.state(host: host).needsRun } }

  /// Makes the folders of the points that are to be run.
  public func prepare() throws { for point in left { try point.write(host: host) } }

  /// The table of the points, with those of an older text after them.
  public var table: String {
    let names = points.first?.given.map(\.name) ?? []
    func row(_ point: SweepPoint) -> [String] {
      names.map { name in point.options.first { $0.name == name }?.text ?? "" }
        + point.row(host: host)
    }
    let heading = names + ["state", "time", "last metrics, or error"]
    var text = TextColumns.text([heading] + points.map(row))
    if !older.isEmpty {
      text +=
        "\nof an older text of the script, not part of this sweep:\n"
        + TextColumns.text([heading] + older.map(row))
    }
    return text
  }
}
