import Host
import Tensors

/// Reads the tensors of a PyTorch file. A storage that several tensors share is read once, and
/// those that are contiguous share it here too.
final class PyTorchTensors {
  private let objects: PickleObjects
  private let records: any PyTorchRecords
  /// The storages that were read, as `ElementType.bits`, until the last tensor has used them.
  private var read: [Use: Tensor] = [:]
  private var uses: [Use: Int] = [:]
  /// The number of bytes that may be copied from storages: with strides of 0, or many views of one
  /// storage, a small file could otherwise expand to any size.
  private var room: Int

  private struct Use: Hashable {
    let storage: Int
    let type: ElementType
  }

  /// `expanding` is the file's size.
  init(_ objects: PickleObjects, _ records: any PyTorchRecords, expanding: Int) {
    (self.objects, self.records) = (objects, records)
    room = (1 << 26) + 4 * expanding
    for tensor in objects.tensors {
      if let type = type(of: tensor) {
        uses[Use(storage: tensor.storage, type: type), default: 0] += 1
      }
    }
  }

  private func type(of tensor: PickledTensor) -> ElementType? {
    ElementType(torch: tensor.dtype ?? objects.storages[tensor.storage].type)
  }

  /// Returns a tensor; `path` is used in errors. Throws `file-format`, `zip-format`,
  /// `out-of-memory`, and `element-type` for numbers that no tensor here holds exactly.
  func tensor(_ index: Int, _ path: String) throws -> Tensor {
    let view = objects.tensors[index]
    guard let type = type(of: view) else {
      let name = view.dtype ?? objects.storages[view.storage].type
      throw Failure("element-type", "\(path) holds numbers of \(name), which are not read")
    }
    let use = Use(storage: view.storage, type: type)
    let whole = try bits(use, path)
    let last = uses[use, default: 1] - 1
    uses[use] = last
    if last == 0 { read[use] = nil }
    let numbers = try type.exact(part(view, of: whole, path), what: path)
    return view.isNegative ? try -numbers : numbers
  }

  /// The elements of a storage.
  private func bits(_ use: Use, _ path: String) throws -> Tensor {
    if let known = read[use] { return known }
    let storage = objects.storages[use.storage]
    func damaged(_ what: String) -> Failure {
      Failure("file-format", "\(path) is damaged: \(what)")
    }
    guard let size = records.size(storage.key) else {
      throw damaged("its storage \"\(storage.key)\" is not in the file")
    }
    // A storage without a type counts its bytes.
    let expected = DeclaredSize.product(
      [storage.count], elementSize: ElementType(torch: storage.type)?.size ?? 1)
    guard size == expected, size % use.type.size == 0 else {
      throw damaged("its storage of \(storage.count) numbers has \(size) bytes")
    }
    let tensor = try records.read(storage.key) { fill in
      try use.type.bits(
        shape: [size / use.type.size], isBigEndian: records.isBigEndian, fill: fill)
    }
    read[use] = tensor
    return tensor
  }

  /// The elements of a view.
  private func part(_ view: PickledTensor, of whole: Tensor, _ path: String) throws -> Tensor {
    let (shape, strides) = (view.shape, view.strides)
    guard let count = DeclaredSize.product(shape), count < 1 << 48 else {
      throw Failure("file-format", "\(path) has the shape \(Tensor.describe(shape))")
    }
    // Sizes of empty tensors are not bounded by their product.
    guard count > 0 else { return try Tensor(uninitialized: shape, whole.dtype) }
    var last = view.offset
    var isContiguous = true
    var step = 1
    for (size, stride) in zip(shape, strides).reversed() where size > 1 {
      isContiguous = isContiguous && stride == step
      step *= size
      let (reach, isTooFar) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, isBeyond) = last.addingReportingOverflow(reach)
      last = isTooFar || isBeyond ? .max : sum
      if last == .max { break }
    }
    guard last < whole.count else {
      throw Failure(
        "file-format",
        "\(path) is damaged: \(Tensor.describe(shape)) with the strides \(Tensor.describe(strides)) from "
          + "\(view.offset) on lies outside its \(whole.count) numbers")
    }
    if isContiguous {
      return try whole.slice(view.offset..<view.offset + count).reshaped(shape)
    }
    let copied = count * whole.dtype.size
    guard copied <= room else {
      throw Failure(
        "file-format",
        "\(path) spreads \(whole.count) numbers over \(Tensor.describe(shape)), more than a file of this "
          + "size may")
    }
    room -= copied
    return try whole.strided(shape, strides, start: view.offset)
  }
}
