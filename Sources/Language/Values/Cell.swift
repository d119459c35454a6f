/// A variable that inner functions share: one that is assigned after it was captured, or captured
/// before its `let` ran. Cells are only in registers and captures; scripts never see them.
final class Cell: HostObject {
  /// The storage of the value; the first field, which the machine's loop in C reads.
  let place: UnsafeMutablePointer<Value>

  init(_ value: Value) {
    place = .allocate(capacity: 1)
    place.initialize(to: value)
    super.init()
    ContainerMemory.add(96)
  }

  /// The value.
  var value: Value {
    get { place.pointee }
    set { place.pointee = newValue }
  }

  deinit {
    ContainerMemory.remove(96)
    let value = place.move()
    place.deallocate()
    if value.mayNest { Release.contents(consume value) }
  }
}
