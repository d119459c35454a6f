/// Reads pickles of protocols 2 to 5 (docs.python.org/3/library/pickletools) that hold tensors,
/// containers, numbers and texts. Where a pickle names a class or a function, only the name is
/// kept; what is done for the few that are known is in `Unpickler+Calls`, and every other call is
/// refused.
struct Unpickler {
  var objects = PickleObjects()
  let bytes: PickleBytes
  /// The file, for error messages.
  let name: String
  private var stack: [PickleItem] = []
  /// The heights of the stack that are marked.
  private var marks: [Int] = []
  private var memo: [Int: PickleItem] = [:]
  /// The indices of the storages that were met.
  var storageIndices: [PickledStorage: Int] = [:]

  private init(_ bytes: PickleBytes, name: String) { (self.bytes, self.name) = (bytes, name) }

  /// Reads the pickle that begins at the position of `bytes`, which afterwards is behind it. Throws
  /// `file-format`, and `unsafe-pickle` for a pickle that calls or contains anything else.
  static func objects(in bytes: PickleBytes, name: String) throws -> PickleObjects {
    var unpickler = Unpickler(bytes, name: name)
    while try !unpickler.step() {}
    return unpickler.objects
  }

  /// Does what the next opcode says; returns whether it is the last.
  private mutating func step() throws -> Bool {
    let code = try bytes.byte()
    switch code {
    case UInt8(ascii: "."):
      objects.root = try pop()
      return true
    case 0x80:
      let version = try bytes.byte()
      guard (2...5).contains(version) else {
        throw bytes.damaged("is of protocol \(version); 2 to 5 are read")
      }
    case 0x95: _ = try bytes.bytes(8)  // FRAME
    case UInt8(ascii: "N"): try push(.none)
    case 0x88, 0x89: try push(.bool(code == 0x88))
    case UInt8(ascii: "K"): try push(.integer(bytes.whole(1)))
    case UInt8(ascii: "M"): try push(.integer(bytes.whole(2)))
    case UInt8(ascii: "J"):
      try push(.integer(Int(Int32(truncatingIfNeeded: bytes.whole(4)))))
    case 0x8A: try push(long(bytes.whole(1)))
    case 0x8B: try push(long(bytes.whole(4)))
    case UInt8(ascii: "G"):
      let bits = try bytes.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      try push(.number(Double(bitPattern: bits)))
    case UInt8(ascii: "X"): try push(.string(bytes.text(bytes.whole(4))))
    case 0x8C: try push(.string(bytes.text(bytes.whole(1))))
    case 0x8D: try push(.string(bytes.text(bytes.whole(8))))
    // Strings of Python 2.
    case UInt8(ascii: "T"): try push(.string(bytes.text(bytes.whole(4))))
    case UInt8(ascii: "U"): try push(.string(bytes.text(bytes.whole(1))))
    case UInt8(ascii: "B"): try push(.bytes(bytes.bytes(bytes.whole(4))))
    case UInt8(ascii: "C"): try push(.bytes(bytes.bytes(bytes.whole(1))))
    case 0x8E, 0x96: try push(.bytes(bytes.bytes(bytes.whole(8))))
    case UInt8(ascii: "("):
      marks.append(stack.count)
      guard marks.count <= 1 << 20 else { throw bytes.damaged("has too many marks") }
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popMarked()
    case UInt8(ascii: "2"): try push(top())
    case UInt8(ascii: "]"): try push(container(.list))
    case UInt8(ascii: "}"): try push(container(.dict))
    case UInt8(ascii: ")"): try push(container(.tuple))
    case 0x8F: try push(container(.set))
    case UInt8(ascii: "l"): try push(container(.list, popMarked()))
    case UInt8(ascii: "d"): try push(container(.dict, pairs(popMarked())))
    case UInt8(ascii: "t"): try push(container(.tuple, popMarked()))
    case 0x91: try push(container(.set, popMarked()))
    case 0x85, 0x86, 0x87: try push(container(.tuple, pop(Int(code) - 0x84)))
    case UInt8(ascii: "a"): try add(pop(1), to: .list)
    case UInt8(ascii: "e"): try add(popMarked(), to: .list)
    case 0x90: try add(popMarked(), to: .set)
    case UInt8(ascii: "s"): try add(pop(2), to: .dict)
    case UInt8(ascii: "u"): try add(pairs(popMarked()), to: .dict)
    case UInt8(ascii: "q"): try keep(bytes.whole(1))
    case UInt8(ascii: "r"): try keep(bytes.whole(4))
    case 0x94: try keep(memo.count)
    case UInt8(ascii: "h"): try push(kept(bytes.whole(1)))
    case UInt8(ascii: "j"): try push(kept(bytes.whole(4)))
    case UInt8(ascii: "c"):
      let module = try bytes.line()
      try push(.global(Unpickler.modern(module) + "." + bytes.line()))
    case 0x93:
      let names = try pop(2)
      guard case .string(let module) = names[0], case .string(let global) = names[1] else {
        throw bytes.damaged("names something that is not a name")
      }
      try push(.global(Unpickler.modern(module) + "." + global))
    case UInt8(ascii: "R"):
      let (callee, arguments) = try callee()
      try push(call(callee, arguments))
    case 0x81:
      let (callee, arguments) = try callee()
      try push(make(callee, arguments))
    case 0x92:
      let names = try pop(1)
      let (callee, arguments) = try callee()
      guard objects.entries(names[0])?.isEmpty == true else { throw refusal(making: callee) }
      try push(make(callee, arguments))
    case UInt8(ascii: "b"):
      // The attributes of a container or tensor: the hooks and the metadata of a state dict.
      _ = try pop()
      guard try isPlain(top()) else { throw bytes.damaged("sets the attributes of a name") }
    case UInt8(ascii: "Q"): try push(storage(pop()))
    default:
      throw bytes.damaged(
        "has the opcode \(code) at byte \(bytes.position - 1), which no file of PyTorch's has")
    }
    return false
  }

  // MARK: The stack

  private mutating func push(_ item: PickleItem) throws {
    guard stack.count < 1 << 22 else { throw bytes.damaged("needs too large a stack") }
    stack.append(item)
  }

  private func top() throws -> PickleItem {
    guard let item = stack.last, stack.count > marks.last ?? 0 else {
      throw bytes.damaged("takes more than there is")
    }
    return item
  }

  private mutating func pop() throws -> PickleItem {
    let item = try top()
    stack.removeLast()
    return item
  }

  private mutating func pop(_ count: Int) throws -> [PickleItem] {
    guard stack.count - count >= marks.last ?? 0 else {
      throw bytes.damaged("takes more than there is")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popMarked() throws -> [PickleItem] {
    guard let mark = marks.popLast() else { throw bytes.damaged("lacks a mark") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private func pairs(_ items: [PickleItem]) throws -> [PickleItem] {
    guard items.count % 2 == 0 else { throw bytes.damaged("has a key without a value") }
    return items
  }

  /// Adds elements to the container on top of the stack.
  private mutating func add(_ items: [PickleItem], to kind: PickleContainer.Kind) throws {
    guard case .container(let index) = try top(), objects.containers[index].kind == kind
    else { throw bytes.damaged("adds elements to something that has none") }
    objects.containers[index].items += items
  }

  private mutating func keep(_ place: Int) throws {
    guard memo.count < 1 << 22 else { throw bytes.damaged("remembers too much") }
    memo[place] = try top()
  }

  private func kept(_ place: Int) throws -> PickleItem {
    guard let item = memo[place] else {
      throw bytes.damaged("refers to an object that it does not have")
    }
    return item
  }

  private mutating func callee() throws -> (PickleItem, [PickleItem]) {
    let items = try pop(2)
    guard let arguments = objects.elements(items[1]) else {
      throw bytes.damaged("calls something without a tuple of arguments")
    }
    return (items[0], arguments)
  }

  /// Creates a container.
  mutating func container(_ kind: PickleContainer.Kind, _ items: [PickleItem] = []) throws
    -> PickleItem
  {
    guard objects.containers.count < PickleObjects.mostContainers else {
      throw bytes.damaged("has more than \(PickleObjects.mostContainers) containers")
    }
    objects.containers.append(PickleContainer(kind: kind, items: items))
    return .container(objects.containers.count - 1)
  }

  /// What an integer is called that no number here holds exactly.
  static let tooLarge = "an int that float64 does not hold exactly"

  /// An integer of any size; one of more than 64 bits is a number if float64 holds it exactly.
  private func long(_ count: Int) throws -> PickleItem {
    let digits = try bytes.bytes(count)
    guard let last = digits.last else { return .integer(0) }
    let isNegative = last >= 0x80
    if count <= 8 {
      var bits: UInt64 = isNegative ? .max : 0
      for digit in digits.reversed() { bits = bits << 8 | UInt64(digit) }
      return .integer(Int(bitPattern: UInt(bits)))
    }
    var value = isNegative ? -1.0 : 0
    for digit in digits.reversed() {
      let shifted = value * 256
      value = shifted + Double(digit)
      guard value - shifted == Double(digit) else { return .unread(Unpickler.tooLarge) }
    }
    return .number(value)
  }

  /// The name that a module of Python 2 has now.
  private static func modern(_ module: String) -> String {
    module == "__builtin__" ? "builtins" : module == "copy_reg" ? "copyreg" : module
  }

  private func isPlain(_ item: PickleItem) -> Bool {
    switch item {
    case .container, .tensor, .unread: true
    default: false
    }
  }
}
