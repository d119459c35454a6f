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
}
