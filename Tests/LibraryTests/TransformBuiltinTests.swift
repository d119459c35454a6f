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
        + "distort(grid: 6, sigma: 0.428571) |> random_flip()")
    let made = "let d = shapes(3, size: 8)\n"
    #expect(
      try shown(
        made + "all((d |> grey() |> lowres(4)).images == (d |> lowres(4) |> grey()).images)")
        == "true")
  }

  @Test func transformsComposeWithoutImages() throws {
    let made = """
      let d = shapes(3, size: 40, colour: true)
      let t = lowres(8) |> grey()

      """
    #expect(try shown(made + "t") == "lowres(8) |> grey()")
    #expect(
      try shown(made + "[type(t), t == (lowres(8) |> grey), t == (grey() |> lowres(8))]")
        == "[\"function\", true, false]")
    // A chain takes what one transform takes, and gives what they give one after the other.
    for images in ["d.images", "d[0].image", "d[0]", "d"] {
      let same = "let a = t(\(images))\nlet b = \(images) |> lowres(8) |> grey()\n"
      let pixels = images == "d" ? ".images" : images == "d[0]" ? ".image" : ""
      #expect(try shown(made + same + "all(a\(pixels) == b\(pixels))") == "true", "\(images)")
    }
    #expect(try shown(made + "(d |> t).transforms") == "[\"lowres(8)\", \"grey()\"]")
    // Chains of chains, a chain behind a transform in a variable, an option that is a function.
    #expect(
      try shown(
        made + "let u = blur(1)\nt |> u |> (resize(16) |> map_images(x -> 1 - x, key: \"not\"))")
        == "lowres(8) |> grey() |> blur(1) |> resize(16) |> map_images(<fn(x)>, key: \"not\")")
    #expect(
      try shown(made + "(d |> (blur(1) |> t)).transforms")
        == "[\"blur(1)\", \"lowres(8)\", \"grey()\"]")
    #expect(try shown("map_images(grey())(ones(3, 2, 2)).shape") == "[1, 2, 2]")
    #expect(
      try shown(made + "(d |> (resize(16) |> cached(\"memory\") |> t)).transforms")
        == "[\"resize(16)\", \"lowres(8)\", \"grey()\"]")
    // Where one transform can stand: panels, a list's functions, layers.
    #expect(
      try shown(made + "degradations_panel(d, [t, [blur(1), t], edges()], n: 1)")
        == "figure: 6 pictures in 2 × 3")
    #expect(
      try shown(made + "degradations_panel(d, {a: t}, n: 1)") == "figure: 2 pictures in 2 × 1")
    #expect(try shown(made + "map([d[0].image], t)[0].shape") == "[1, 40, 40]")
    #expect(try shown(made + "sequential([t, flatten])(d.images).shape") == "[3, 1600]")
  }

  @Test func seedsArePrintedAsGiven() throws {
    for transform in ["distort", "noise"] {
      let made = "\(transform)(shapes(2), \(transform == "noise" ? "0.1, " : "")seed: -1)"
      #expect(try shown(made + ".transforms").hasSuffix("seed: -1)\"]"), "\(transform)")
    }
  }

  @Test func wrongArgumentsAreNamed() {
    let d = "shapes(3)"
    let cases = [
      (
        "resize(\(d), 8, method: \"cubic\")",
        "resize: method must be \"bicubic\", \"bilinear\", \"area\" or \"nearest\""
      ),
      ("grey(\(d), channels: 2)", "grey: channels must be a whole number, 1 or 3, got 2"),
      ("distort(\(d), grid: 1)", "distort: grid must be a whole number from 2 to 32, got 1"),
      (
        "distort(\(d), sigma: -1)",
        "distort: sigma must be a number of pixels from 0 to 10000, got -1"
      ),
      (
        "distort(zeros(3, 8, 8))",
        "distort: an image of 8 x 8 is too small for 14 × 14 control points"
      ),
      (
        "clutter(\(d), size: 40)",
        "clutter: no argument for backgrounds"
      ),
      (
        "clutter(\(d), backgrounds: \(d))",
        "clutter: no argument for size"
      ),
      (
        "clutter(\(d), backgrounds: \"none\", size: 40)",
        "clutter: the folder \"none\" does not exist"
      ),
      (
        "clutter(\(d), backgrounds: \(d) |> random_flip(), size: 40)",
        "clutter: the backgrounds have random transforms"
      ),
      (
        "clutter(\(d), backgrounds: \(d), size: 40, scale: [2, 3])",
        "clutter: scale must be [low, high] from 0.001 to 1"
      ),
      ("blur(\(d), 0)", "blur: sigma must be a number of pixels above 0, at most 1000, got 0"),
      (
        "normalize(\(d), 0.5, 1e-300)",
        "normalize: std must be a number, or a list or tensor [c] of one number for each channel, each above 0"
      ),
      ("normalize(\(d), 1e300)", "normalize: mean must be small enough that float32 holds"),
      ("normalize(\(d), 1e30, 1e-20)", "normalize: mean must be small enough that float32 holds"),
      (
        "edges(\(d), \"canny\", high: 0)",
        "edges: low must not be more than high, got low 0.1 (its default) and high 0"
      ),
      (
        "edges(\(d), \"canny\", low: 3, high: 2)",
        "edges: low must not be more than high, got low 3 and high 2"
      ),
      ("map_images(\(d), ones(3))", "map_images: fn must be a function, got tensor [3]"),
      (
        "from_tensors(ones(2, 1, 4, 4), [0, 1]) |> crop_to_box()",
        "crop_to_box: none of the 2 records has a box"
      ),
      ("resize(8) |> lowres()", "lowres: no argument for size"),
      ("resize(\(d))", "resize: give size or shorter"),
      (
        "distill(dense(3), \(d), \(d), T: \"x\")",
        "distill: T must be a number or function, got string"
      ),
      ("distill(dense(3), \(d), \(d), T: nil)", "distill: T must be a number or function, got nil"),
      ("distill(dense(3), \(d), \(d), T: 0)", "distill: T must be above 0, got 0"),
      (
        "distill(dense(3), \(d), \(d), lambda: \"x\")",
        "distill: lambda must be a number or function or nil, got string"
      ),
      (
        "distill(small_cnn(classes: 3, input: [1, 32, 32]), \(d), \(d), epochs: 1, T: e -> \"x\")",
        "distill: T must be a number above 0, got x in epoch 1"
      ),
      (
        "let t = lowres(8) |> grey()\nt(3)",
        "lowres: images must be a tensor, record or dataset, got 3"
      ),
      ("let t = lowres(8) |> grey()\nt()", "lowres(8) |> grey(): no argument for its input"),
      ("noise(\(d), -1)", "noise: amount must be a number from 0 to 100, got -1"),
      (
        "noise(\(d), 2, kind: \"salt_and_pepper\")",
        "noise: amount must be a number from 0 to 1, the fraction of pixels, got 2"
      ),
      ("jpeg(\(d), 0)", "jpeg: quality must be a whole number from 1 to 100, got 0"),
      (
        "random_crop(\(d), 8, padding: -1)",
        "random_crop: padding must be a whole number of pixels from 0 to 4096, got -1"
      ),
      ("random_crop(\(d), 8, scale: [1, 0.5])", "random_crop: scale must be [low, high]"),
      ("jitter(\(d), hue: 1)", "jitter: hue must be a number from 0 to 0.5, got 1"),
      ("normalize(\(d), std: 2)", "normalize: mean must be given if std is, got nil"),
      ("normalize(ones(1, 2, 2))", "normalize: an image or a batch has no training set to measure"),
      (
        "normalize(\(d) |> random_flip())",
        "normalize: the data set's images change from epoch to epoch"
      ),
      ("normalize(\(d), dense(3))", "normalize: the model has no average image of its own"),
      ("cached(\(d), \"tape\")", "cached: where must be \"disk\" or \"memory\", got \"tape\""),
      (
        "\(d) |> random_flip() |> cached()",
        "cached: the results of the transforms differ from epoch to epoch"
      ),
      (
        "\(d) |> map_images(x -> x) |> cached()",
        "cached: the results of the transforms differ from epoch to epoch"
      ),
      ("degradations_panel(\(d), [])", "degradations_panel: there are no degradations"),
      (
        "degradations_panel(\(d), lowres(3))",
        "degradations_panel: degradations must be a list of transforms, or a map from name to "
          + "transform, got lowres(3)"
      ),
      ("degradations_panel(5, [grey()])", "degradations_panel: A must be a dataset, got 5"),
      (
        "degradations_panel(\(d), {low: lowres(3), odd: 7})",
        "degradations_panel: a degradation must be a transform, a function, or a dataset of the same "
          + "records, number 2 is 7"
      ),
      (
        "degradations_panel(\(d), [grey(), [lowres(3), 7]])",
        "degradations_panel: a degradation must be a transform or a function, number 2 is 7"
      ),
      (
        "degradations_panel(\(d), [grey()], n: 0)",
        "degradations_panel: n must be a whole number, 1 or more, got 0"
      ),
      (
        "write_png(zeros(3, 4, 4), \"a.jpg\")",
        "write_png: the path of a PNG must end in .png, got \"a.jpg\""
      ),
      (
        "write_png(zeros(3, 4, 4) / 0, \"a.png\")",
        "draw: an image's pixels must be numbers, got NaN at [0, 0, 0] of an image [3, 4, 4]"
      ),
      ("show(grid([zeros(3, 4, 4) / 0]))", "draw: an image's pixels must be numbers, got NaN"),
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
        == "[\"distort(grid: 4, sigma: 0.357143)\", \"cached(\\\"disk\\\")\"]")
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
