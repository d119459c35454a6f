/// A value on the stack of an `Unpickler`. What contains other values is kept in `PickleObjects` and
/// referred to by index, so that values which contain themselves, or lie a million deep, are
/// harmless.
enum PickleItem {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case bytes([UInt8])
  /// A list, tuple, set or dict.
  case container(Int)
  /// A class or function by its name, such as `torch.float16`. Nothing is looked up or called.
  case global(String)
  /// The numbers of tensors.
  case storage(Int)
  case tensor(Int)
  /// A tensor of a kind that is not read: `a sparse tensor`.
  case unread(String)
}

/// A container of a pickle.
struct PickleContainer {
  enum Kind { case list, tuple, set, dict }

  let kind: Kind
  /// The elements; of a dict, each key followed by its value.
  var items: [PickleItem] = []
}

/// A storage that a pickle mentions; its numbers lie elsewhere in the file.
struct PickledStorage: Hashable {
  /// The key under which the file has it.
  let key: String
  /// Its type, as the pickle names it: `torch.FloatStorage`.
  let type: String
  /// The number of elements.
  let count: Int
}

/// A view of a storage. Its sizes are not checked yet.
struct PickledTensor {
  let storage: Int
  /// The element type, if it is not the storage's: `torch.float8_e4m3fn`.
  var dtype: String?
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// Whether the numbers are those of the storage with their sign changed.
  var isNegative = false
}

/// The values that a pickle describes.
struct PickleObjects {
  /// The most containers that are read: a byte of a file can make one.
  static let mostContainers = 1 << 22

  var containers: [PickleContainer] = []
  var storages: [PickledStorage] = []
  var tensors: [PickledTensor] = []
  /// The value of the pickle as a whole.
  var root = PickleItem.none

  /// The elements of a list, tuple or set.
  func elements(_ item: PickleItem) -> [PickleItem]? {
    guard case .container(let index) = item, containers[index].kind != .dict else { return nil }
    return containers[index].items
  }

  /// The entries of a dict, in order. Of a key that occurs twice, the last value counts.
  func entries(_ item: PickleItem) -> [(key: PickleItem, value: PickleItem)]? {
    guard case .container(let index) = item, containers[index].kind == .dict else { return nil }
    let items = containers[index].items
    var entries: [(key: PickleItem, value: PickleItem)] = []
    var places: [String: Int] = [:]
    for i in stride(from: 0, to: items.count - 1, by: 2) {
      if case .string(let name) = items[i] {
        if let place = places[name] {
          entries[place].value = items[i + 1]
          continue
        }
        places[name] = entries.count
      }
      entries.append((items[i], items[i + 1]))
    }
    return entries
  }
}
