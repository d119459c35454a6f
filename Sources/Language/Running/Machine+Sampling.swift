import Host

/// Where a run is, for a profiler.
extension Machine {
  /// Looks at what `Interrupt` wants, before the instruction behind which `next` stands.
  @inline(never)
  func poll(_ next: UnsafeMutablePointer<Instruction>) throws {
    frames[depth - 1].next = next
    try Interrupt.check()
  }

  /// The functions under way, innermost first, each with the place it has reached; a file's top level
  /// has no name. `most` bounds their number: recursion may be deep.
  public func reached(most: Int = 100) -> [(function: String?, place: Place)] {
    stride(from: depth - 1, through: max(0, depth - most), by: -1).map { i in
      let code = frames[i].header.pointee.code
      return (code.name, code.place(at: frames[i].next - 1))
    }
  }
}
