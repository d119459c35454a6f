import Language
import Testing

@testable import Library

/// `edges` as a script sees it.
struct EdgeBuiltinTests {
  @Test func imagesRecordsBatchesAndDataSetsAgree() throws {
    let made = "let d = shapes(4, size: 24)\n"
    for way in ["", "\"canny\"", "\"sobel\", thin: true", "scales: [0.5, 1], sharpen: 0"] {
      let edges = "let f = edges(\(way))\n"
      #expect(try shown(made + edges + "all(f(d).images == f(d.images))") == "true", "\(way)")
      #expect(try shown(made + edges + "all(f(d)[1].image == f(d[1].image))") == "true")
      #expect(try shown(made + edges + "all(f(d[1]).image == f(d.images)[1])") == "true")
    }
    #expect(try shown(made + "edges(d, channels: 3).images.shape") == "[4, 3, 24, 24]")
  }

  @Test func aChainPrintsItsOptions() throws {
    let chain = """
      shapes(3, size: 24) |> edges("canny", sigma: 2, low: 0.05) |> edges(thin: true, channels: 3)
      """
    #expect(
      try shown(chain)
        == "dataset: 3 records, 3 classes, [3, 24, 24], "
        + "edges(\"canny\", sigma: 2, low: 0.05) |> edges(thin: true, channels: 3)")
  }

  @Test func badOptionsAreRefused() {
    let cases = [
      "\"laplace\"": "method must be \"structured\", \"canny\" or \"sobel\", got \"laplace\"",
      "sigma: 2": "sigma is not an option of the method \"structured\"",
      "\"canny\", sharpen: 1": "sharpen is not an option of the method \"canny\"",
      "\"canny\", thin: true": "canny's edges are already thin",
      "sharpen: 9": "sharpen must be a whole number of pixels from 0 to 4, got 9",
      "trees: 0": "trees must be a whole number from 1 to 8, got 0",
      "scales: []": "scales must be a list of numbers from 0.1 to 4, 1 to 8 of them, got []",
      "scales: [0]": "scales must be a list of numbers from 0.1 to 4, 1 to 8 of them, got [0]",
      "\"canny\", low: 3, high: 1": "low must not be more than high, got low 3 and high 1",
      "channels: 2": "channels must be a whole number, 1 or 3, got 2",
    ]
    for (options, message) in cases {
      #expect(failure("edges(zeros(1, 4, 4), \(options))") == "edges: " + message)
    }
    #expect(
      failure("edges(zeros(2, 4, 4))")
        == "edges: an image must be [1, h, w] or [3, h, w] and not empty, got [2, 4, 4]")
  }
}
