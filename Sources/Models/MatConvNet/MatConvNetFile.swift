import Formats
import Gradients
import Host
import Tensors

/// A network that MatConvNet wrote: a released one, whose fields are the variables of the file, or
/// one that people trained, which is the variable `net`.
public struct MatConvNetFile {
  /// The network. It takes images of 0..1, or what it was trained on if the file has no average
  /// image, and gives logits.
  public let model: Layer
  /// What the file has and the model has not, a sentence each.
  public private(set) var notes: [String] = []

  /// Reads the bytes of a file; `name` is used in error messages. Throws `matconvnet` with the path
  /// of what is wrong, and the errors of `MATFile`.
  public init(_ bytes: [UInt8], name: String) throws {
    let file = try MATFile(bytes, name: name)
    let net = try MatConvNetFile.network(in: file, name)
    var network =
      try net.fields.contains("vars")
      ? MatConvNetNetwork(graph: net) : MatConvNetNetwork(simple: net)
    let meta = try MatConvNetMeta(net)
    if let input = try meta.inputLayer(channels: network.inputs) {
      network.prepend("normalization", input)
    } else {
      notes.append("it has no average image, so images go into the network as they are")
    }
    let classes = try meta.classes()
    if network.isClassifier || classes?.names.count == network.outputs {
      try network.append("flatten")
    }
    model = try network.model()
    model.inputShape = try meta.imageShape(channels: network.inputs)
    notes += network.notes
    if let (names, path) = classes {
      if names.count == network.outputs {
        model.classes = names
      } else {
        let outputs = network.outputs.map { "\($0) outputs" } ?? "outputs of another number"
        notes.append("\(path) has \(names.count) names, and the network \(outputs)")
      }
    }
    notes += MatConvNetFile.unread(net).map { "\($0.path) is \($0.value.kind), which is not read" }
  }

  /// The struct of the network.
  private static func network(in file: MATFile, _ name: String) throws -> MATField {
    if let net = file.variables.first(where: { $0.name == "net" }) {
      let field = MATField(value: net.value, path: "net", file: name)
      guard field.fields.contains("layers") else {
        throw field.wrong("wants a struct with layers, got \(net.value.kind)")
      }
      return field
    }
    if let net = file.leftOut.first(where: { $0.name == "net" }) {
      throw Failure(
        "matconvnet", "load: \(name): net is \(net.kind), which is not read",
        hint: "a DagNN is saved as a struct: net = net.saveobj(); save(path, 'net')")
    }
    guard file.variables.contains(where: { $0.name == "layers" }) else {
      let names = (file.variables.map(\.name) + file.leftOut.map(\.name)).joined(separator: ", ")
      throw Failure(
        "matconvnet",
        "load: \(name) has no network of MatConvNet: neither net nor layers is among its variables: "
          + (names.isEmpty ? "none" : names),
        hint: "read(path) gives the variables")
    }
    let net = MATStructs(
      shape: [1, 1], fields: file.variables.map(\.name), values: file.variables.map(\.value))
    return MATField(value: .structs(net), path: "", file: name)
  }

  /// The values inside the network that are not read, such as functions.
  private static func unread(_ field: MATField) -> [MATField] {
    switch field.value {
    case .unread: [field]
    case .cells: (try? field.items)?.flatMap(unread) ?? []
    case .structs(let structs) where structs.count == 1:
      field.fields.flatMap { name in (try? field.optional(name)).flatMap { $0 }.map(unread) ?? [] }
    case .structs: (try? field.items)?.flatMap(unread) ?? []
    default: []
    }
  }
}
