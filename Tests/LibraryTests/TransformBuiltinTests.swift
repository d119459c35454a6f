import Language
import Testing

@testable import Library

/// Transforms, the disk cache and pictures of records as a script sees them.
struct TransformBuiltinTests {
  @Test func everyTransformTakesImagesBatchesRecordsAndDataSets() throws {
    let made = """
      let photos = shapes(3, size: 40, colour: true, clutter: 1)
      let d = shapes(4, size: 32, colour: true)

      """
    let transforms = [
      "resize(20, method: \"area\")", "lowres(8, method: \"bilinear\")", "grey()",
      "grey(channels: 3)", "distort(grid: 4)", "clutter(backgrounds: photos, size: 36)",
      "blur(1.5)", "noise(0.1)", "noise(0.1, kind: \"salt_and_pepper\")", "jpeg(20)",
      "map_images(x -> x * 0.5)", "random_flip()", "random_crop(24)",
      "random_crop(24, scale: [0.3, 1])", "random_crop(40, padding: 4)", "jitter(hue: 0.1)",
      "normalize(0.5, [0.2, 0.3, 0.4])",
    ]
    for transform in transforms {
      // The batch of the data set's images, each of its images, its records.
      let code =
        made
          + """
          let f = \(transform)
          let shape = f(d).images.shape
          [f(d.images).shape == shape, f(d[0].image).shape == shape[1..], f(d[0]).image.shape == shape[1..],
           len((d |> f).transforms) == 1, type(f(d)[1].box)]
          """
      let result = failure(code)
      #expect(
        result.hasPrefix("no error, but [true, true, true, true, "), "\(transform): \(result)")
    }
  }

  @Test func chainsPrintThemselvesInTheirOrder() throws {
    #expect(
      try shown("shapes(3) |> crop_to_box(0.1) |> resize(24) |> distort(grid: 6) |> random_flip()")
        == "dataset: 3 records, 3 classes, [1, 24, 24], crop_to_box(margin: 0.1) |> resize(24) |> "
        + "distort(grid: 6) |> random_flip()")
    let made = "let d = shapes(3, size: 8)\n"
    #expect(
      try shown(
        made + "all((d |> grey() |> lowres(4)).images == (d |> lowres(4) |> grey()).images)")
        == "true")
  }

  @Test func wrongArgumentsAreNamed() {
    let d = "shapes(3)"
    let cases = [
      (
        "resize(\(d), 8, method: \"cubic\")",
        "resize: method must be \"bicubic\", \"bilinear\", \"area\" or \"nearest\""
      ),
      ("grey(\(d), channels: 2)", "grey: channels must be 1 or 3, got 2"),
      ("distort(\(d), grid: 1)", "distort: grid must be a whole number, 2 to 32, got 1"),
      ("distort(\(d), sigma: -1)", "distort: sigma must be a number from 0 to 10000, got -1"),
      (
        "distort(zeros(3, 8, 8))",
        "distort: 14 × 14 control points need as many pixels, this image is 8 x 8"
      ),
      (
        "clutter(\(d), size: 40)",
        "clutter: backgrounds must be a folder, data set or tensor, got nil"
      ),
      (
        "clutter(\(d), backgrounds: \(d))",
        "clutter: size must be a whole number of pixels or [height, width], got nil"
      ),
      ("clutter(\(d), backgrounds: \"none\", size: 40)", "clutter: there is no folder none"),
      (
        "clutter(\(d), backgrounds: \(d) |> random_flip(), size: 40)",
        "clutter: the backgrounds have random transforms"
      ),
      (
        "clutter(\(d), backgrounds: \(d), size: 40, scale: [2, 3])",
        "clutter: scale must be [low, high] from 0.001 to 1"
      ),
      ("blur(\(d), 0)", "blur: sigma must be above 0"),
      ("noise(\(d), -1)", "noise: amount must be a number from 0 to 100, got -1"),
      (
        "noise(\(d), 2, kind: \"salt_and_pepper\")",
        "noise: amount must be a number from 0 to 1, got 2"
      ),
      ("jpeg(\(d), 0)", "jpeg: quality must be a whole number, 1 to 100, got 0"),
      (
        "random_crop(\(d), 8, padding: -1)",
        "random_crop: padding must be a whole number, 0 or more"
      ),
      ("random_crop(\(d), 8, scale: [1, 0.5])", "random_crop: scale must be [low, high]"),
      ("jitter(\(d), hue: 1)", "jitter: hue must be a number from 0 to 0.5, got 1"),
      ("normalize(\(d), std: 2)", "normalize: mean must be given where std is, got nil"),
      ("normalize(ones(1, 2, 2))", "normalize: the mean of one image or batch says nothing"),
      (
        "normalize(\(d) |> random_flip())",
        "normalize: the data set's images change from epoch to epoch"
      ),
      ("normalize(\(d), dense(3))", "normalize: the model has no average image of its own"),
      ("cached(\(d), \"tape\")", "cached: where must be \"disk\" or \"memory\", got \"tape\""),
      (
        "\(d) |> random_flip() |> cached()",
        "cached: what the transforms make differs from epoch to epoch"
      ),
      (
        "\(d) |> map_images(x -> x) |> cached()",
        "cached: what the transforms make differs from epoch to epoch"
      ),
      ("degradations_panel(\(d), [])", "degradations_panel: there are no degradations"),
    ]
    for (code, message) in cases {
      #expect(failure(code).hasPrefix(message), "\(code): \(failure(code))")
    }
  }

  @Test func normalizeMeasuresAndCanBeLent() throws {
    let made = """
      let A = from_tensors(tensor([0, 1, 0, 1]).reshape(4, 1, 1, 1), [0, 0, 1, 1])
      let B = from_tensors(tensor([4, 4]).reshape(2, 1, 1, 1), [0, 1])

      """
    #expect(try shown(made + "(B |> normalize(mean: A)).images[0].item()") == "7")
    #expect(try shown(made + "(B |> normalize(A)).transforms") == "[\"normalize(0.5, 0.5)\"]")
  }

  @Test func whatIsCachedOnDiskIsTheSame() throws {
    let session = TestSession()
    let made = "let d = shapes(6, size: 20) |> distort(grid: 4)\nlet c = d |> cached(\"disk\")\n"
    #expect(try session.display(made + "all(c.images == d.images)") == "true")
    #expect(
      try session.display(made + "c.transforms")
        == "[\"distort(grid: 4)\", \"cached(\\\"disk\\\")\"]")
    // A walk that ends writes what is pending.
    try session.run(made + "for x, y in batches(c, 4) {}")
    let chains = try session.host.list(session.host.workingFolder + "/cache")
    #expect(chains.count == 1)
    #expect(
      try session.display(
        made + "all((c |> random_flip(probability: 1)).images == flip(d.images, -1))") == "true")
  }

  @Test func recordsAreShownWithClassesAndBoxes() throws {
    let session = TestSession()
    try session.run(
      "let d = shapes(30, size: 24)\nshow d\nshow d[0..4]\nshow d[0]\nshow shapes(4, test: 2)")
    let shown = session.host.takePrinted().split(separator: "\n")
    #expect(shown.count == 4 && shown.allSatisfy { $0.hasSuffix(".png") })
    #expect(try session.display("grid(shapes(7))") == "figure: 7 pictures in 2 × 4")
    #expect(
      try session.display(
        "degradations_panel(shapes(9, size: 24), [lowres(8), [blur(1), noise(0.1)]])")
        == "figure: 8 pictures in 4 × 2")
    #expect(
      try session.display(
        "let A = shapes(9, size: 24)\ndegradations_panel(A, {mine: A |> grey(), other: r -> blur(r, 2)}, n: 1)"
      )
        == "figure: 4 pictures in 2 × 2")
  }
}
