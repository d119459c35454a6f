/// A group of library functions in help and in the reference. The raw value is the name of its
/// folder.
public enum Area: String, CaseIterable {
  case language, tensors, gradients, layers, losses, optimizers, models, datasets, transforms,
    pictures, files, scripts, tools

  /// The heading in help and in the reference.
  var title: String {
    switch self {
    case .datasets: "data sets"
    case .pictures: "charts and pictures"
    default: rawValue
    }
  }
}
