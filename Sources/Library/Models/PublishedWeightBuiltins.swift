import Language
import Models

private let network = Argument(
  "network", .string, "the network's name, e.g. \"efficientnet_lite0\"")

/// The builtin `published_weights`.
func publishedWeightBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "published_weights", "Finds the file of a network's published ImageNet weights.",
      details: """
        The command `limbeck weights NAME` fetches it once into the cache folder. The networks' own option \
        `weights: "imagenet"` uses this function. There are weights of efficientnet_lite0, efficientnet_lite1 \
        and efficientnet_lite2.
        """,
      searchTerms: ["pretrained", "ImageNet", "download", "model zoo"], [network],
      result: "string: the path",
      examples: [
        Example(
          "try { published_weights(\"efficientnet_lite0\") != \"\" } catch e { e.kind == \"file-missing\" }",
          "true")
      ]
    ) { Value(try PublishedWeights.of($0[network]).located(on: library.host)) }
  ]
}
