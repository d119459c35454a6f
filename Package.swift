// swift-tools-version: 6.1
import PackageDescription

/// Each folder of sources says what it holds.
let readme = ["README.md"]

let package = Package(
  name: "limbeck",
  products: [.executable(name: "limbeck", targets: ["limbeck"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Without its default traits, which need the whole of Foundation.
    .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0", traits: []),
  ],
  targets: [
    .target(name: "COpenBLAS", path: "Sources/C/OpenBLAS"),
    .target(name: "CThreads", path: "Sources/C/Threads"),
    .target(name: "CMachine", path: "Sources/C/Machine"),
    .target(name: "CVectors", path: "Sources/C/Vectors"),
    .systemLibrary(name: "CReadline", path: "Sources/C/Readline"),
    // Linked statically, as readline and zlib are: a library that is loaded takes a tenth of a
    // millisecond of every start.
    .target(
      name: "CPNG", path: "Sources/C/PNG",
      linkerSettings: [.linkedLibrary(":libpng16.a"), .linkedLibrary(":libz.a")]),
    .target(
      name: "CJPEG", path: "Sources/C/JPEG", linkerSettings: [.linkedLibrary(":libjpeg.a")]),
    .systemLibrary(name: "CCairo", path: "Sources/C/Cairo"),
    .systemLibrary(name: "CZlib", path: "Sources/C/Zlib"),
    .systemLibrary(name: "CZip", path: "Sources/C/Zip"),
    .target(name: "CEdgeForest", path: "Sources/C/EdgeForest", exclude: ["forest.gz", "LICENCE"]),
    .target(name: "CFormats", path: "Sources/C/Formats"),
    .systemLibrary(name: "CChafa", path: "Sources/C/Chafa", pkgConfig: "chafa"),

    // Each target names all that it imports: what reaches it through another only is not built anew when
    // it changes, and calls then go to the wrong functions.
    .target(name: "Host", dependencies: ["CThreads"], exclude: readme),
    .target(name: "Syntax", exclude: readme),
    .target(name: "Language", dependencies: ["Host", "Syntax", "CMachine"], exclude: readme),
    .target(name: "Tensors", dependencies: ["Host", "COpenBLAS", "CVectors"], exclude: readme),
    .target(name: "Ranks", dependencies: ["Host", "CVectors"], exclude: readme),
    .target(name: "Patterns", dependencies: ["Host"], exclude: readme),
    .target(
      name: "Gradients", dependencies: ["Host", "CVectors", "Tensors", "Ranks"], exclude: readme),
    .target(
      name: "ONNXSchema",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: readme + ["onnx.proto"]),
    .target(
      name: "Formats",
      dependencies: [
        "Host", "Tensors", "ONNXSchema", "CZip", "CZlib",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: readme),
    .target(
      name: "Images",
      dependencies: ["Host", "Tensors", "Formats", "CEdgeForest", "CFormats", "CPNG", "CJPEG"],
      exclude: readme),
    .target(
      name: "Pictures", dependencies: ["Host", "Tensors", "Images", "CCairo"], exclude: readme),
    .target(
      name: "Datasets", dependencies: ["Host", "Tensors", "Images", "Formats"], exclude: readme),
    .target(
      name: "Models", dependencies: ["Host", "Tensors", "Ranks", "Gradients", "Formats"],
      exclude: readme),
    .target(
      name: "Library",
      dependencies: [
        "Host", "Syntax", "Language", "Tensors", "Ranks", "Gradients", "Models", "Images",
        "Formats", "Datasets", "Pictures", "Patterns", "Stdlib",
      ], exclude: readme),
    .target(
      name: "Engine", dependencies: ["Host", "Syntax", "Language", "Formats", "Library"],
      exclude: readme),
    .target(
      name: "Prompt",
      dependencies: ["Host", "Syntax", "Language", "Library", "Engine", "CReadline", "CChafa"],
      exclude: readme),
    .target(
      name: "Notebooks",
      dependencies: [
        "Host", "Syntax", "Language", "Tensors", "Formats", "Datasets", "Library", "Engine",
      ],
      exclude: readme),
    .target(
      name: "Kernel",
      dependencies: ["Host", "Syntax", "Formats", "Library", "Engine"],
      exclude: readme),
    .executableTarget(
      name: "limbeck",
      dependencies: [
        "CThreads", "Host", "Syntax", "Language", "Tensors", "Ranks", "Datasets", "Models",
        "Library", "Engine", "Prompt", "Notebooks", "Kernel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: readme),
    .target(
      name: "EdgeTraining", dependencies: ["Host", "Tensors", "Images"], exclude: readme),
    .executableTarget(
      name: "edge-forest",
      dependencies: [
        "Host", "Formats", "Images", "EdgeTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: readme),
    .target(
      name: "Stdlib", path: "stdlib", exclude: readme, sources: ["Stdlib.swift"],
      resources: [
        .embedInCode("adapting.lbk"), .embedInCode("aligning.lbk"),
        .embedInCode("calibration.lbk"), .embedInCode("cells.lbk"), .embedInCode("checkpoints.lbk"),
        .embedInCode("comparisons.lbk"), .embedInCode("curriculum.lbk"),
        .embedInCode("distilling.lbk"), .embedInCode("evaluation.lbk"),
        .embedInCode("experiments.lbk"), .embedInCode("grids.lbk"), .embedInCode("imagenet.lbk"),
        .embedInCode("jobs.lbk"), .embedInCode("looking.lbk"), .embedInCode("losses.lbk"),
        .embedInCode("measures.lbk"), .embedInCode("methods.lbk"), .embedInCode("networks.lbk"),
        .embedInCode("privileged.lbk"), .embedInCode("saliency.lbk"),
        .embedInCode("schedules.lbk"), .embedInCode("training.lbk"), .embedInCode("warping.lbk"),
      ]),

    .target(name: "TestSupport", dependencies: ["Host"], path: "Tests/Support"),
    .testTarget(name: "HostTests", dependencies: ["Host", "TestSupport"]),
    .testTarget(name: "RanksTests", dependencies: ["Ranks", "TestSupport"]),
    .testTarget(name: "PatternsTests", dependencies: ["Host", "Patterns"]),
    .testTarget(name: "SyntaxTests", dependencies: ["Host", "Syntax", "TestSupport"]),
    .testTarget(
      name: "LanguageTests", dependencies: ["Host", "Syntax", "Language", "CMachine"],
      exclude: ["Reference"]),
    .testTarget(name: "TensorsTests", dependencies: ["Host", "Tensors"], exclude: ["Reference"]),
    .testTarget(
      name: "GradientsTests", dependencies: ["Host", "Tensors", "Gradients"],
      exclude: ["Reference"]),
    .testTarget(
      name: "FormatsTests",
      dependencies: [
        "Host", "Tensors", "ONNXSchema", "Formats", "TestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Data", "Reference"]),
    .testTarget(
      name: "ImagesTests", dependencies: ["Host", "Tensors", "Images", "TestSupport"],
      exclude: ["Data", "Reference"]),
    .testTarget(
      name: "EdgeTrainingTests", dependencies: ["Host", "Tensors", "Images", "EdgeTraining"],
      exclude: ["Reference"]),
    .testTarget(name: "PicturesTests", dependencies: ["Host", "Tensors", "Images", "Pictures"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["Host", "Tensors", "Images", "Formats", "Datasets", "TestSupport"],
      exclude: ["Data", "Reference"]),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Host", "Tensors", "Gradients", "Formats", "Models", "TestSupport"],
      exclude: ["Data", "Reference"]),
    .testTarget(
      name: "LibraryTests",
      dependencies: [
        "Host", "Syntax", "Language", "Formats", "Datasets", "Models", "Library", "Stdlib",
        "TestSupport",
      ],
      exclude: ["Reference"]),
    .testTarget(
      name: "EngineTests",
      dependencies: ["Host", "Syntax", "Language", "Library", "Engine", "TestSupport"]),
    .testTarget(
      name: "NotebooksTests",
      dependencies: [
        "Host", "Syntax", "Formats", "Library", "Engine", "Notebooks", "TestSupport",
      ], exclude: ["Reference"]),
    .testTarget(
      name: "KernelTests", dependencies: ["Host", "Formats", "Engine", "Kernel", "TestSupport"],
      exclude: ["Reference"]),
    .testTarget(name: "PromptTests", dependencies: ["Host", "Engine", "Prompt", "TestSupport"]),
  ],
  swiftLanguageModes: [.v5]
)
