import Host
import Language

extension Area {
  /// The builtins of the area that do nothing but compute their results, as one list per file. To add a
  /// file of such builtins, add its list here.
  fileprivate var pure: [(Library) -> [Builtin]] {
    switch self {
    case .language:
      [textBuiltins, textSearchBuiltins, patternBuiltins, numberBuiltins, digestBuiltins]
    case .tensors:
      [
        makingBuiltins, elementBuiltins, reducingBuiltins, shapingBuiltins, orderBuiltins,
        factorBuiltins, rearrangingBuiltins,
      ]
    case .losses: [lossBuiltins]
    case .layers: [networkOperations, samplingOperations]
    case .datasets: [choosingBuiltins, datasetPartBuiltins]
    case .transforms:
      [
        sizeTransforms, colourTransforms, normalizeTransforms, degradationTransforms,
        edgeTransforms, randomTransforms, warpTransforms,
      ]
    default: []
    }
  }

  /// The other builtins of the area, as one list per file. To add a file, add its list here.
  fileprivate var lists: [(Library) -> [Builtin]] {
    switch self {
    case .language:
      [
        outputBuiltins, sequenceBuiltins, functionBuiltins, listBuiltins, mapBuiltins,
        errorBuiltins, assertionBuiltins,
      ]
    case .tensors: [randomBuiltins, choiceBuiltins]
    case .gradients: [gradientBuiltins]
    case .layers: [drawingOperations, layerBuiltins]
    case .losses: []
    case .optimizers: [optimizerBuiltins]
    case .models:
      [
        networkBuiltins, graphBuiltins, modelBuiltins, costBuiltins, featureBuiltins, stateBuiltins,
        classNameBuiltins,
        publishedWeightBuiltins,
      ]
    case .datasets:
      [
        datasetSourceBuiltins, fileSourceBuiltins, datasetViewBuiltins, cachingBuiltins,
        keptOutputBuiltins,
      ]
    case .transforms: [mapTransforms, mixingBuiltins]
    case .pictures:
      [
        chartBuiltins, heatmapBuiltins, tileBuiltins, figureBuiltins, showBuiltins, tableBuiltins,
      ]
    case .files: [fileBuiltins, folderBuiltins]
    case .scripts:
      [
        scriptBuiltins, metricsBuiltins, surroundingsBuiltins, resourceBuiltins, progressBuiltins,
        trainingBuiltins, rankBuiltins,
      ]
    case .tools:
      [helpBuiltins, promptBuiltins, profileBuiltins, doctorBuiltins, savedSessionBuiltins]
    }
  }
}

extension Library {
  /// Creates a library with all of its builtins on the given host.
  public convenience init(host: any Host) {
    self.init(empty: host)
    for area in Area.allCases {
      for list in area.pure { declare(list(self), in: area, pure: true) }
      for list in area.lists { declare(list(self), in: area, pure: false) }
    }
  }
}
