import Gradients
import Host
import Tensors

/// How closely a file's weights must match the network that loads them.
public enum WeightFit: Equatable {
  /// Everything must match.
  case strict
  /// Like `strict`, for a network that was rebuilt from the same file: layers that had no size when
  /// it was saved are missing from the file.
  case written
  /// Like `strict`, for a network that continues from the file: afterwards the same parameters are
  /// frozen and the classes have the same names. Layers may have no size, here as in the file.
  case whole
  /// Layers that do not match completely keep their weights.
  case partial
  /// Like `strict`, but the last layer takes the number of outputs that it has in the file.
  case outputs
}

/// A tensor of a network and where a file may keep it.
private struct WeightPlace {
  /// Its names, the primary one first.
  let names: [String]
  /// The layer whose tensors are loaded together or not at all.
  let unit: String
  let value: Tensor?
  let declared: [Int?]?
  /// Whether it is the weight of a fully connected layer, which a file may hold as that of a
  /// convolution over the whole image.
  let isDense: Bool
  let set: (Tensor) -> Void

  var shape: [Int?] { value.map { $0.shape.map { $0 } } ?? declared ?? [] }

  func fits(_ other: [Int]) -> Bool {
    if value == nil, declared == nil { return true }
    return shape.count == other.count && zip(shape, other).allSatisfy { $0 == nil || $0 == $1 }
  }
}

extension Layer {
  /// Loads the weights of a file, or throws and changes nothing.
  func take(_ file: WeightFile, _ fit: WeightFit) throws -> WeightReport {
    let places = weightPlaces
    let wanted = Set(places.flatMap(\.names))
    let file = file.unwrapped(for: wanted)
    var layers: [String] = []
    for place in places where !layers.contains(place.unit) { layers.append(place.unit) }
    let renumbered = fit == .partial ? nil : file.renumbered(for: layers, wanted: wanted)
    guard fit == .outputs else {
      return try take(renumbered ?? file, places, fit, isNumbered: renumbered != nil)
    }
    let before = (structure: structure, classes: classes)
    do {
      try adoptOutputs(of: renumbered ?? file)
      return try take(
        renumbered ?? file, weightPlaces, .strict, isNumbered: renumbered != nil)
    } catch {
      (structure, classes) = before
      throw error
    }
  }

  /// Gives the last layer as many outputs as it has in a file.
  private func adoptOutputs(of file: WeightFile) throws {
    guard let path = headPath, case .layer(let head as WeightedLayer)? = part(at: path),
      let shape = file[path + ".weight"]?.tensor.shape,
      let count = head.outputs(ofWeight: shape), count >= 1, head.outputs != count
    else { return }
    try replace(path, with: .layer(head.remade(outputs: count)))
  }

  private func take(
    _ file: WeightFile, _ places: [WeightPlace], _ fit: WeightFit, isNumbered: Bool
  ) throws -> WeightReport {
    var report = WeightReport(source: file.source, isNumbered: isNumbered)
    var used: Set<String> = []
    var chosen: [(place: WeightPlace, tensor: Tensor)] = []
    var refused: Set<String> = []
    for place in places {
      var found: (name: String, tensor: Tensor)?
      for name in place.names {
        guard let other = file[name] else { continue }
        used.formUnion([name, other.name])
        if let found, found.name != other.name, !found.tensor.isIdentical(to: other.tensor) {
          throw Failure(
            "file-format",
            "load: \"\(found.name)\" and \"\(other.name)\" are one tensor in the model and two that differ in \(file.path)"
          )
        }
        found = found ?? other
      }
      // PyTorch's files of before 0.4.1 have no such counts, and other layers than ours have some.
      if found == nil, !file.isOurs, isCount(place.names[0]) { continue }
      guard let found else {
        report.missing.append(place.names[0])
        refused.insert(place.unit)
        continue
      }
      let tensor =
        place.isDense && found.tensor.shape.count > 2
        ? try found.tensor.reshape([found.tensor.shape[0], -1]) : found.tensor
      guard place.fits(tensor.shape) else {
        report.misfits.append((place.names[0], found.tensor.shape, place.shape))
        refused.insert(place.unit)
        continue
      }
      chosen.append((place, try tensor.fitting(place.names[0], in: file.path)))
    }
    report.leftOver = file.names.filter {
      !used.contains($0) && !isFormerSetting($0) && (file.isOurs || !isCount($0))
    }
    try check(&report, chosen.map(\.place.unit), fit, file)
    try checkSizes(chosen.map { ($0.place.names[0], $0.tensor.shape) }, file.path)
    try checkGroups(file.groups(), refused, file.path)
    let settings = try file.settings()
    let (classes, frozen, inputs) = (try file.classes(), try file.frozen(), try file.inputs())
    let freezing = try file.freezing()
    for (place, tensor) in chosen {
      if refused.contains(place.unit) {
        report.held.append(place.names[0])
      } else {
        place.set(tensor)
        report.taken += 1
      }
    }
    guard file.isOurs else { return report }
    for (path, setting) in self.settings {
      let former = file[path].flatMap { $0.tensor.array(Int32.self).first }.map(Double.init)
      setting.value = settings[path] ?? former ?? 0
    }
    for (path, parameter) in parameters where fit == .whole || frozen.contains(path) {
      parameter.isFrozen = frozen.contains(path)
    }
    if report.isWhole {
      visit { layer, prefix in
        let path = String(prefix.dropLast())
        if fit == .whole || classes[path] != nil { layer.classes = classes[path] }
        if fit == .whole || freezing[path] != nil { layer.freezing = freezing[path] ?? [] }
        layer.inputShape = layer.inputShape ?? inputs[path]
      }
    }
    return report
  }

  /// Throws if the file does not satisfy `fit`.
  private func check(
    _ report: inout WeightReport, _ units: [String], _ fit: WeightFit, _ content: WeightFile
  ) throws {
    let file = content.path
    var (misfits, missing) = (report.misfits, report.missing)
    switch fit {
    case .partial:
      let refused = Set((misfits.map(\.path) + missing).map(unit))
      guard units.allSatisfy(refused.contains) else { return }
      throw Failure(
        "shape", "load: none of the model's layers is in \(file)",
        hint: "the file has \(WeightReport.listed(report.leftOver + misfits.map(\.path)))")
    case .written:
      let present = Set(units)
      missing.removeAll { !present.contains(unit($0)) }
      report.missing = missing
    case .whole:
      let unsized = Set(weightPlaces.filter { $0.value == nil }.map { $0.names[0] })
      missing.removeAll(where: unsized.contains)
      report.missing = missing
    case .strict, .outputs: break
    }
    if let (path, inFile, here) = misfits.first {
      throw Failure(
        "shape",
        "load: \"\(path)\" is \(Tensor.describe(inFile)) in \(file) and \(WeightReport.describe(here)) in the model",
        hint: fit == .strict
          ? "fit: \"partial\" takes what fits and leaves other layers as they are" : nil)
    }
    if let path = missing.first {
      let other = report.leftOver.isEmpty ? nil : WeightReport.listed(report.leftOver)
      throw Failure(
        "file-format", "load: \(file) has no \"\(path)\", which the model has",
        hint: content.content.leftOut.first?.message
          ?? other.map { "the file has \($0), which the model does not have" })
    }
    if let name = report.leftOver.first {
      throw Failure("file-format", "load: \(file) has \"\(name)\", which the model does not have")
    }
  }

  /// Throws if the tensors of one layer have contradictory sizes.
  private func checkSizes(_ tensors: [(path: String, shape: [Int])], _ file: String) throws {
    let shapes = Dictionary(tensors.map { ($0.path, $0.shape) }, uniquingKeysWith: { a, _ in a })
    var failure: Failure?
    visit { layer, prefix in
      guard layer is BatchNorm else { return }
      let own = ["weight", "bias", "running_mean", "running_var"].compactMap { shapes[prefix + $0] }
      if let other = own.first(where: { $0 != own[0] }) {
        failure = Failure(
          "shape",
          "load: the tensors of \"\(prefix.dropLast())\" in \(file) are of \(Tensor.describe(own[0])) and \(Tensor.describe(other))"
        )
      }
    }
    if let failure { throw failure }
  }

  /// Throws if the group count of a convolution whose channels are not known yet differs from the
  /// file's.
  private func checkGroups(_ groups: [String: Int], _ refused: Set<String>, _ file: String) throws {
    var failure: Failure?
    visit { layer, prefix in
      let path = String(prefix.dropLast())
      guard let conv = layer as? Conv, conv.weight.value == nil, !refused.contains(path),
        let other = groups[path], other != conv.groups
      else { return }
      failure = Failure(
        "shape",
        "load: the convolution \"\(path)\" has \(other) groups in \(file) and \(conv.groups) in the model"
      )
    }
    if let failure { throw failure }
  }

  private var weightPlaces: [WeightPlace] {
    let others = Dictionary(grouping: tensorAliases, by: \.kept).mapValues { $0.map(\.other) }
    let dense = Set(descendants.compactMap { ($0 as? Dense).map { ObjectIdentifier($0.weight) } })
    let parameters = parameters.map { path, parameter in
      WeightPlace(
        names: [path] + (others[path] ?? []), unit: unit(path), value: parameter.value,
        declared: parameter.declared, isDense: dense.contains(ObjectIdentifier(parameter)),
        set: { parameter.value = $0 })
    }
    let buffers = buffers.map { path, buffer in
      WeightPlace(
        names: [path] + (others[path] ?? []), unit: unit(path), value: buffer.value,
        declared: buffer.declared, isDense: false, set: { buffer.value = $0 })
    }
    return parameters + buffers
  }

  /// The path of the layer that owns this tensor.
  private func unit(_ path: String) -> String {
    String(path.dropLast((path.split(separator: ".").last?.count ?? 0) + 1))
  }

  /// Whether a tensor is one that files of the first format used for a setting: dropout's `calls`.
  private func isFormerSetting(_ name: String) -> Bool {
    settings.contains { $0.path == name }
  }
}

/// Whether a tensor is batch normalization's count of batches.
private func isCount(_ path: String) -> Bool { path.hasSuffix("num_batches_tracked") }

extension Tensor {
  /// Whether shape, type and all bytes are equal.
  fileprivate func isIdentical(to other: Tensor) -> Bool {
    shape == other.shape && dtype == other.dtype
      && readBytes { a in other.readBytes { b in a.elementsEqual(b) } }
  }

  /// A file's tensor converted to the network's types: floating-point numbers become float32.
  fileprivate func fitting(_ path: String, in file: String) throws -> Tensor {
    if dtype == .float64 { return try cast(to: .float32) }
    let isCount = isCount(path)
    guard dtype == (isCount ? .int32 : .float32) else {
      throw Failure(
        "file-format",
        "load: \"\(path)\" in \(file) is \(dtype.name), not \(isCount ? "int32" : "float32")")
    }
    return self
  }
}
