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
    .target(name: "CPNG", path: "Sources/C/PNG", linkerSettings: [.linkedLibrary("png16")]),
    .target(name: "CJPEG", path: "Sources/C/JPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .systemLibrary(name: "CCairo", path: "Sources/C/Cairo", pkgConfig: "cairo"),
    .systemLibrary(name: "CZlib", path: "Sources/C/Zlib"),
    .systemLibrary(name: "CZip", path: "Sources/C/Zip"),
    .target(name: "CEdgeForest", path: "Sources/C/EdgeForest", exclude: ["forest.gz", "LICENCE"]),
    .target(name: "CFormats", path: "Sources/C/Formats"),
    .systemLibrary(name: "CChafa", path: "Sources/C/Chafa", pkgConfig: "chafa"),

    // Each target names all that it imports: what reaches it through another only is not built anew when
    // it changes, and calls then go to the wrong functions.
    .target(name: "Host", dependencies: ["CThreads"], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(name: "Syntax", exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(name: "Language", dependencies: ["Host", "Syntax", "CMachine"], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(name: "Tensors", dependencies: ["Host", "COpenBLAS", "CVectors"], exclude: readme),
    .target(name: "Ranks", dependencies: ["Host"], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(name: "Gradients", dependencies: ["Host", "Tensors", "Ranks"], exclude: readme),
    .target(
      name: "ONNXSchema",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: readme + ["onnx.proto"]),
    .target(
      name: "Formats",
      dependencies: [
        "Host", "Tensors", "ONNXSchema", "CZip", "CZlib",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Images",
      dependencies: ["Host", "Tensors", "Formats", "CEdgeForest", "CFormats", "CPNG", "CJPEG"],
      exclude: readme),
    .target(
      name: "Pictures", dependencies: ["Host", "Tensors", "Images", "CCairo"], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Datasets", dependencies: ["Host", "Tensors", "Images", "Formats"], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Models", dependencies: ["Host", "Tensors", "Ranks", "Gradients", "Formats"],
      exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Library",
      dependencies: [
        "Host", "Syntax", "Language", "Tensors", "Ranks", "Gradients", "Models", "Images",
        "Formats", "Datasets", "Pictures", "Stdlib",
      ], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Engine", dependencies: ["Host", "Syntax", "Language", "Formats", "Library"],
      exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Prompt",
      dependencies: ["Host", "Syntax", "Language", "Library", "Engine", "CReadline", "CChafa"],
      exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Notebooks",
      dependencies: ["Host", "Syntax", "Language", "Formats", "Library", "Engine"],
      exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Kernel",
      dependencies: ["Host", "Syntax", "Formats", "Library", "Engine"],
      exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .executableTarget(
      name: "limbeck",
      dependencies: [
        "Host", "Syntax", "Language", "Ranks", "Datasets", "Models", "Library", "Engine",
        "Prompt", "Notebooks", "Kernel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "EdgeTraining", dependencies: ["Host", "Tensors", "Images"], exclude: readme),
    .executableTarget(
      name: "edge-forest",
      dependencies: [
        "Host", "Formats", "Images", "EdgeTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: readme, swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .target(
      name: "Stdlib", path: "stdlib", exclude: readme, sources: ["Stdlib.swift"],
      resources: [
        .embedInCode("calibration.lbk"), .embedInCode("cells.lbk"), .embedInCode("checkpoints.lbk"),
        .embedInCode("comparisons.lbk"), .embedInCode("curriculum.lbk"),
        .embedInCode("distilling.lbk"), .embedInCode("evaluation.lbk"),
        .embedInCode("experiments.lbk"), .embedInCode("grids.lbk"), .embedInCode("imagenet.lbk"),
        .embedInCode("looking.lbk"), .embedInCode("losses.lbk"), .embedInCode("methods.lbk"),
        .embedInCode("networks.lbk"), .embedInCode("saliency.lbk"), .embedInCode("schedules.lbk"),
        .embedInCode("training.lbk"),
      ]),

    .target(name: "TestSupport", dependencies: ["Host"], path: "Tests/Support", swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(name: "HostTests", dependencies: ["Host", "TestSupport"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(name: "SyntaxTests", dependencies: ["Host", "Syntax", "TestSupport"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "LanguageTests", dependencies: ["Host", "Syntax", "Language", "CMachine"],
      exclude: ["Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(name: "TensorsTests", dependencies: ["Host", "Tensors"], exclude: ["Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "GradientsTests", dependencies: ["Host", "Tensors", "Gradients"],
      exclude: ["Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "FormatsTests",
      dependencies: [
        "Host", "Tensors", "ONNXSchema", "Formats", "TestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Data", "Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "ImagesTests", dependencies: ["Host", "Tensors", "Images", "TestSupport"],
      exclude: ["Data", "Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "EdgeTrainingTests", dependencies: ["Host", "Tensors", "Images", "EdgeTraining"],
      exclude: ["Reference"]),
    .testTarget(name: "PicturesTests", dependencies: ["Host", "Tensors", "Images", "Pictures"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["Host", "Tensors", "Images", "Formats", "Datasets", "TestSupport"],
      exclude: ["Data", "Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Host", "Tensors", "Gradients", "Formats", "Models", "TestSupport"],
      exclude: ["Data", "Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "LibraryTests",
      dependencies: [
        "Host", "Syntax", "Language", "Formats", "Datasets", "Models", "Library", "Stdlib",
        "TestSupport",
      ],
      exclude: ["Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "EngineTests",
      dependencies: ["Host", "Syntax", "Language", "Library", "Engine", "TestSupport"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "NotebooksTests",
      dependencies: [
        "Host", "Syntax", "Formats", "Library", "Engine", "Notebooks", "TestSupport",
      ], exclude: ["Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(
      name: "KernelTests", dependencies: ["Host", "Formats", "Engine", "Kernel", "TestSupport"],
      exclude: ["Reference"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
    .testTarget(name: "PromptTests", dependencies: ["Host", "Engine", "Prompt", "TestSupport"], swiftSettings: [.unsafeFlags(["-Onone","-no-whole-module-optimization","-enable-batch-mode"])]),
  ],
  swiftLanguageModes: [.v5]
)
