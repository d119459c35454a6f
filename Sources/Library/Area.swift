import Language

/// A part of the library, as help and the reference group it: the folder of its name.
public enum Area: String, CaseIterable {
  case language, tensors, gradients, layers, losses, optimizers, models, datasets, transforms,
    pictures, files, scripts, session

  /// The heading in help and the reference.
  var title: String {
    switch self {
    case .datasets: "data sets"
    case .pictures: "charts and pictures"
    default: rawValue
    }
  }

  /// The lists of the area's builtins, one a file. A new file's list is added here.
  private var lists: [(Library) -> [Builtin]] {
    switch self {
    case .language:
      [
        outputBuiltins, sequenceBuiltins, functionBuiltins, listBuiltins, mapBuiltins, textBuiltins,
        textSearchBuiltins, numberBuiltins, errorBuiltins,
      ]
    case .tensors:
      [
        makingBuiltins, randomBuiltins, choiceBuiltins, elementBuiltins, reducingBuiltins,
        shapingBuiltins, orderBuiltins,
      ]
    case .gradients: [gradientBuiltins]
    case .layers: [networkOperations, layerBuiltins]
    case .losses: [lossBuiltins]
    case .optimizers: [optimizerBuiltins]
    case .models: [networkBuiltins, modelBuiltins, stateBuiltins, classNameBuiltins]
    case .datasets:
      [
        datasetSourceBuiltins, fileSourceBuiltins, datasetViewBuiltins, choosingBuiltins,
        cachingBuiltins, keptOutputBuiltins,
      ]
    case .transforms:
      [
        sizeTransforms, colourTransforms, normalizeTransforms, degradationTransforms,
        edgeTransforms, randomTransforms, mapTransforms,
      ]
    case .pictures: [chartBuiltins, tileBuiltins, showBuiltins, tableBuiltins]
    case .files: [fileBuiltins, folderBuiltins]
    case .scripts: [scriptBuiltins, surroundingsBuiltins, resourceBuiltins, progressBuiltins]
    case .session:
      [helpBuiltins, promptBuiltins, profileBuiltins, doctorBuiltins, savedSessionBuiltins]
    }
  }

  /// The area's builtins, over a library.
  func builtins(_ library: Library) -> [Builtin] { lists.flatMap { $0(library) } }
}
