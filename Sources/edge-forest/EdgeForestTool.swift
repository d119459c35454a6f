import ArgumentParser
import EdgeTraining
import Glibc
import Host
import Images

/// A tool that trains and scores the forest of the edge detector. It is not part of `limbeck`;
/// anyone who changes the forest runs it with `scripts/train-edges` and `scripts/score-edges`.
@main
struct EdgeForestTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edge-forest", abstract: "Train and score the forest of edges().",
    subcommands: [Train.self, Score.self])
}

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a forest on BSDS500's training images and write it, not yet gzipped.")

  @Argument(help: "The folder of BSDS500 with images and groundTruth.")
  var root: String

  @Argument(help: "The file to write.")
  var file: String

  @Option(help: "The splits to learn from, parted by commas.")
  var splits = "train"

  @Option(help: "How many trees to grow.")
  var trees = 8

  @Option(help: "How many patches a tree learns from, half of them near boundaries.")
  var patches = 400_000

  @Option(help: "The seed.")
  var seed: UInt64 = 0

  @Option(help: "Learn from the first so many images only.")
  var images = Int.max

  func validate() throws {
    guard (1...64).contains(trees), patches >= 2, images >= 1 else {
      throw ValidationError("trees are 1 to 64, patches 2 or more, images 1 or more")
    }
  }

  func run() throws {
    let host = SystemHost()
    let start = host.clock()
    let data = BSDS(root: root, host: host)
    let examples = try splits.split(separator: ",").flatMap {
      try data.examples(String($0), most: images).map(\.example)
    }
    print("\(examples.count) images read in \(Int(host.clock() - start)) s")
    var trainer = EdgeTrainer()
    trainer.trees = trees
    trainer.positives = patches / 2
    trainer.negatives = patches - patches / 2
    trainer.seed = seed
    let forest = try trainer.train(examples) { text in
      print("\(Int(host.clock() - start)) s: \(text)")
      fflush(stdout)
    }
    try host.write(forest.encoded, to: file)
  }
}

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score a forest on BSDS500 by the boundary benchmark: ODS, OIS and AP.")

  @Argument(help: "The folder of BSDS500 with images and groundTruth.")
  var root: String

  @Option(help: "The forest, gzipped; the one that edges() uses if left out.")
  var forest: String?

  @Option(help: "The split to score on.")
  var split = "test"

  @Option(help: "How many thresholds.")
  var thresholds = 99

  @Option(help: "Score the first so many images only.")
  var images = Int.max

  @Option(help: "How far to sharpen, 0 to 4.")
  var sharpen = 2

  @Option(parsing: .upToNextOption, help: "The scales.")
  var scales: [Double] = [1]

  func validate() throws {
    guard thresholds >= 1, images >= 1, (0...4).contains(sharpen),
      scales.allSatisfy({ (0.1...4).contains($0) })
    else {
      throw ValidationError(
        "thresholds and images are 1 or more, sharpen 0 to 4, scales 0.1 to 4")
    }
  }

  func run() throws {
    let host = SystemHost()
    let forest =
      try forest.map { try EdgeForest(gzipped: host.read($0), name: $0) } ?? EdgeForest.shipped()
    let examples = try BSDS(root: root, host: host).examples(split, most: images)
    var detector = StructuredEdges()
    detector.sharpen = sharpen
    detector.scales = scales
    detector.isThin = true
    let levels = BoundaryScore.thresholds(thresholds)
    let start = host.clock()
    let maps = try examples.map { try detector.edges(of: $0.example.image, forest) }
    let detected = host.clock() - start
    let score = try BoundaryScore(maps, examples.map(\.example), thresholds: levels)
    func digits(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
    print("\(examples.count) images of \(split), \(thresholds) thresholds")
    print("detected in \(digits(detected / Double(examples.count) * 1000)) ms an image")
    print(
      "ODS \(digits(score.ods.f)) (precision \(digits(score.ods.precision)), recall "
        + "\(digits(score.ods.recall)), threshold \(digits(score.ods.threshold)))")
    print("OIS \(digits(score.ois))")
    print("AP  \(digits(score.ap))")
  }
}
