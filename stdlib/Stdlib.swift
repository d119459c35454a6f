/// The modules that are written in the language and embedded in the binary.
public enum Stdlib {
  /// The modules, whose members are used by the name of the module: `saliency.panel(...)`.
  public static let modules = [
    "adapting", "aligning", "calibration", "cells", "checkpoints", "comparisons", "curriculum",
    "distilling", "evaluation", "experiments", "grids", "imagenet", "jobs", "looking", "losses",
    "measures", "methods", "networks", "privileged", "saliency", "schedules", "training", "warping",
  ]

  /// The functions that are also global names, with the module that defines each of them.
  public static let globals: [String: String] = [
    "train": "training", "distill": "distilling", "adapt": "adapting", "staged": "training",
    "evaluate": "evaluation", "accuracy": "evaluation", "class_accuracy": "evaluation",
    "confusion": "evaluation", "confusion_chart": "evaluation",
    "degradations_panel": "looking",
    "alexnet": "networks", "efficientnet_lite0": "networks", "efficientnet_lite1": "networks",
    "efficientnet_lite2": "networks", "mlp": "networks", "mobilenet_v2": "networks",
    "resnet18": "networks", "resnet34": "networks", "small_cnn": "networks",
    "vgg_m": "networks", "vgg_vd_16": "networks", "vgg_vd_19": "networks",
    "tune": "experiments",
    "linear": "schedules", "constant": "schedules", "steps": "schedules", "cosine": "schedules",
  ]

  /// The source text of a module, or nil if there is no module of that name.
  public static func text(of module: String) -> String? {
    let bytes: [UInt8]
    switch module {
    case "adapting": bytes = PackageResources.adapting_lbk
    case "aligning": bytes = PackageResources.aligning_lbk
    case "calibration": bytes = PackageResources.calibration_lbk
    case "cells": bytes = PackageResources.cells_lbk
    case "checkpoints": bytes = PackageResources.checkpoints_lbk
    case "comparisons": bytes = PackageResources.comparisons_lbk
    case "curriculum": bytes = PackageResources.curriculum_lbk
    case "distilling": bytes = PackageResources.distilling_lbk
    case "evaluation": bytes = PackageResources.evaluation_lbk
    case "experiments": bytes = PackageResources.experiments_lbk
    case "grids": bytes = PackageResources.grids_lbk
    case "imagenet": bytes = PackageResources.imagenet_lbk
    case "jobs": bytes = PackageResources.jobs_lbk
    case "looking": bytes = PackageResources.looking_lbk
    case "losses": bytes = PackageResources.losses_lbk
    case "measures": bytes = PackageResources.measures_lbk
    case "methods": bytes = PackageResources.methods_lbk
    case "networks": bytes = PackageResources.networks_lbk
    case "privileged": bytes = PackageResources.privileged_lbk
    case "saliency": bytes = PackageResources.saliency_lbk
    case "schedules": bytes = PackageResources.schedules_lbk
    case "training": bytes = PackageResources.training_lbk
    case "warping": bytes = PackageResources.warping_lbk
    default: return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
