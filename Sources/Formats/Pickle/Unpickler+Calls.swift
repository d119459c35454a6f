import Host

/// The calls by which PyTorch's files rebuild tensors and Python's containers. Each gives what the
/// call would give, without calling anything.
extension Unpickler {
  /// The result of calling a global name.
  mutating func call(_ callee: PickleItem, _ arguments: [PickleItem]) throws -> PickleItem {
    guard case .global(let global) = callee else {
      throw bytes.damaged("calls something that is not a function")
    }
    switch global {
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
      return try tensor(arguments, options: arguments.count > 6 ? arguments[6] : nil)
    case "torch._utils._rebuild_tensor_v3":
      guard arguments.count > 6, case .global(let dtype) = arguments[6] else {
        throw bytes.damaged("rebuilds a tensor without a dtype")
      }
      return try tensor(
        arguments, dtype: dtype, options: arguments.count > 7 ? arguments[7] : nil)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard let data = arguments.first else { throw bytes.damaged("has a parameter without data") }
      switch data {
      case .tensor, .unread: return data
      default: throw bytes.damaged("has a parameter that is not a tensor")
      }
    case "torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type":
      guard arguments.count > 2, case .global(let type) = arguments[1],
        case .global(let function) = arguments[0], !function.hasPrefix("torch._tensor."),
        let inner = objects.elements(arguments[2])
      else { throw bytes.damaged("rebuilds a tensor without a type") }
      guard Unpickler.tensorTypes.contains(type) else { throw refusal(making: arguments[1]) }
      return try call(arguments[0], inner)
    case "collections.OrderedDict", "collections.Counter", "builtins.dict":
      return try dict(arguments.first)
    case "collections.defaultdict":
      return try dict(arguments.count > 1 ? arguments[1] : nil)
    case "builtins.list": return try container(.list, elements(arguments))
    case "builtins.tuple", "torch.Size": return try container(.tuple, elements(arguments))
    case "builtins.set", "builtins.frozenset": return try container(.set, elements(arguments))
    case "_codecs.encode", "builtins.bytearray", "builtins.bytes":
      return try encoded(arguments.first)
    case "torch.device":
      guard case .string(let kind)? = arguments.first else {
        throw bytes.damaged("has a device without a name")
      }
      if arguments.count > 1, case .integer(let number) = arguments[1] {
        return .string("\(kind):\(number)")
      }
      return .string(kind)
    case "torch.serialization._get_layout":
      guard case .string? = arguments.first else {
        throw bytes.damaged("has a layout without a name")
      }
      return arguments[0]
    default:
      if let kind = Unpickler.unread[global] { return .unread(kind) }
      throw Failure(
        "unsafe-pickle",
        "\(name) calls \(global), which no tensor needs; nothing was called, and the file is not read",
        hint: Unpickler.advice)
    }
  }

  /// The object that a class makes of arguments.
  mutating func make(_ callee: PickleItem, _ arguments: [PickleItem]) throws -> PickleItem {
    guard case .global(let global) = callee, Unpickler.containers.contains(global) else {
      throw refusal(making: callee)
    }
    return try call(callee, arguments)
  }

  /// The error for a file with an object of some class, such as a whole module.
  func refusal(making callee: PickleItem) -> Failure {
    guard case .global(let global) = callee else {
      return bytes.damaged("makes an object of something that is not a class")
    }
    return Failure(
      "unsafe-pickle",
      "\(name) contains an object of the class \(global), which only Python can make; weights are "
        + "tensors by name", hint: Unpickler.advice)
  }

  /// The storage of a persistent identifier.
  mutating func storage(_ identifier: PickleItem) throws -> PickleItem {
    guard let parts = objects.elements(identifier), case .string(let kind)? = parts.first else {
      throw bytes.damaged("refers to something outside that is not a storage")
    }
    // Files of before PyTorch 1.6 keep the source text of a module's class.
    if kind == "module", parts.count > 1 { throw refusal(making: parts[1]) }
    guard kind == "storage", parts.count >= 5, case .global(let type) = parts[1],
      case .string(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
    else { throw bytes.damaged("refers to something outside that is not a storage") }
    if parts.count > 5 {
      guard case .none = parts[5] else {
        throw bytes.damaged("has a view of a storage, as PyTorch 0.1 wrote them")
      }
    }
    let storage = PickledStorage(key: key, type: type, count: count)
    if let known = storageIndices[storage] { return .storage(known) }
    objects.storages.append(storage)
    storageIndices[storage] = objects.storages.count - 1
    return .storage(objects.storages.count - 1)
  }

  private mutating func tensor(
    _ arguments: [PickleItem], dtype: String? = nil, options: PickleItem?
  ) throws -> PickleItem {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], offset >= 0, let shape = wholes(arguments[2]),
      let strides = wholes(arguments[3]), shape.count == strides.count
    else {
      throw bytes.damaged("rebuilds a tensor of something that is not a storage with a shape")
    }
    var isNegative = false
    for case (.string("neg"), .bool(true)) in options.flatMap(objects.entries) ?? [] {
      isNegative = true
    }
    objects.tensors.append(
      PickledTensor(
        storage: storage, dtype: dtype, offset: offset, shape: shape, strides: strides,
        isNegative: isNegative))
    return .tensor(objects.tensors.count - 1)
  }

  private func wholes(_ item: PickleItem) -> [Int]? {
    guard let items = objects.elements(item) else { return nil }
    let wholes = items.compactMap { item -> Int? in
      if case .integer(let whole) = item, whole >= 0 { whole } else { nil }
    }
    return wholes.count == items.count ? wholes : nil
  }

  private func elements(_ arguments: [PickleItem]) throws -> [PickleItem] {
    guard let first = arguments.first else { return [] }
    guard let elements = objects.elements(first) else {
      throw bytes.damaged("makes a container of something that is none")
    }
    return elements
  }

  /// A dict of another one, or of a list of pairs as Python 2 wrote it.
  private mutating func dict(_ source: PickleItem?) throws -> PickleItem {
    guard let source else { return try container(.dict) }
    if let entries = objects.entries(source) {
      return try container(.dict, entries.flatMap { [$0.key, $0.value] })
    }
    let pairs = (objects.elements(source) ?? []).compactMap { objects.elements($0) }
    guard objects.elements(source)?.count == pairs.count, pairs.allSatisfy({ $0.count == 2 }) else {
      throw bytes.damaged("makes a dict of something that is none")
    }
    return try container(.dict, pairs.flatMap { $0 })
  }

  /// Bytes, which protocol 2 writes as a text whose characters they are.
  private func encoded(_ item: PickleItem?) throws -> PickleItem {
    switch item {
    case nil: return .bytes([])
    case .bytes(let bytes)?: return .bytes(bytes)
    case .string(let text)?:
      return .bytes(
        try text.unicodeScalars.map { scalar in
          guard let byte = UInt8(exactly: scalar.value) else {
            throw bytes.damaged("has bytes above 255")
          }
          return byte
        })
    default: throw bytes.damaged("makes bytes of something that is not a text")
    }
  }

  private static let tensorTypes: Set = [
    "torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
  ]

  private static let containers: Set = [
    "collections.OrderedDict", "collections.Counter", "collections.defaultdict", "builtins.dict",
    "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset", "torch.Size",
  ]

  private static let unread = [
    "torch._utils._rebuild_sparse_tensor": "a sparse tensor",
    "torch._utils._rebuild_sparse_csr_tensor": "a sparse tensor",
    "torch._utils._rebuild_qtensor": "a quantized tensor",
    "torch._utils._rebuild_nested_tensor": "a nested tensor",
    "torch._utils._rebuild_meta_tensor_no_storage": "a tensor without numbers (of the device meta)",
  ]

  private static let advice = """
    in Python, if you trust the file: x = torch.load("x.pth", weights_only=False), then \
    torch.save(x.state_dict(), "weights.pth"), or of a checkpoint torch.save(x["state_dict"], "weights.pth")
    """
}
