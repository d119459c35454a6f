/// The modules written in the language, as they travel in the binary.
public enum Stdlib {
  /// The modules that are reached by their own name: `saliency.panel(...)`.
  public static let modules = ["evaluation", "looking", "saliency", "schedules", "training"]

  /// The functions that are global names, with the module that defines each.
  public static let globals: [String: String] = [
    "train": "training", "distill": "training", "staged": "training",
    "evaluate": "evaluation", "accuracy": "evaluation", "class_accuracy": "evaluation",
    "confusion": "evaluation", "confusion_chart": "evaluation",
    "degradations_panel": "looking",
    "linear": "schedules", "constant": "schedules", "steps": "schedules", "cosine": "schedules",
  ]

  /// The text of a module; nil where there is none of the name.
  public static func text(of module: String) -> String? {
    let bytes: [UInt8]
    switch module {
    case "evaluation": bytes = PackageResources.evaluation_lbk
    case "looking": bytes = PackageResources.looking_lbk
    case "saliency": bytes = PackageResources.saliency_lbk
    case "schedules": bytes = PackageResources.schedules_lbk
    case "training": bytes = PackageResources.training_lbk
    default: return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
