import Host
import Ranks
import Tensors

/// Sums of lists of tensors over the parts of a batch: those that this rank has computed, and those of the others.
public enum GradientSum {
  /// Tensors with fewer elements are sent together.
  private static let small = 1 << 16

  /// The error of parts that do not fit together.
  public static let difference = Failure(
    "parts",
    "minimize: the loss uses other parameters, or reports other numbers, in one part of the batch than in another",
    hint: "in a loop without `parts` it may choose what it uses")

  /// The form of a tensor.
  struct Form {
    let shape: [Int]
    let dtype: DType
    var count: Int { shape.reduce(1, *) }
  }

  /// Adds the tensors of one part to those of another.
  static func add(_ sums: inout [Tensor], _ part: [Tensor]) throws {
    guard sums.count == part.count,
      zip(sums, part).allSatisfy({ $0.shape == $1.shape && $0.dtype == $1.dtype })
    else { throw difference }
    for i in sums.indices {
      func add<T: Real>(_: T.Type) throws {
        let count = part[i].count
        try part[i].read(T.self) { part in
          try sums[i].write(T.self) { sums in
            parallel(count, grain: 1 << 15) { for k in $0 { sums[k] += part[k] } }
          }
        }
      }
      if sums[i].dtype == .float64 { try add(Double.self) } else { try add(Float.self) }
    }
  }

  /// The sums over all ranks. `nodes` are this rank's sums over its own parts, as far as the tree allows, and are used
  /// up; there are none if all parts are other ranks'. All have tensors of the given forms.
  static func whole(
    _ nodes: inout [[Tensor]], _ forms: [Form], over ranks: Ranks, by tree: PartTree
  ) throws -> [Tensor] {
    let nothing = try Tensor(zeros: [])
    var sums = [Tensor](repeating: nothing, count: forms.count)
    var bucket: [Int] = []
    for (i, form) in forms.enumerated() {
      if form.dtype == .float32, form.count < small {
        bucket.append(i)
        continue
      }
      var own: [Tensor] = []
      for node in nodes.indices {
        own.append(nodes[node][i])
        nodes[node][i] = nothing
      }
      sums[i] = try whole(&own, form, ranks, tree)
    }
    if bucket.isEmpty { return sums }
    let sizes = bucket.map { forms[$0].count }
    var own = try nodes.map { node in
      try Tensor.concat(bucket.map { try node[$0].reshaped([node[$0].count]) })
    }
    let form = Form(shape: [sizes.reduce(0, +)], dtype: .float32)
    let all = try whole(&own, form, ranks, tree)
    var first = 0
    for (i, size) in zip(bucket, sizes) {
      sums[i] = try all.slice(first..<first + size).reshaped(forms[i].shape)
      first += size
    }
    return sums
  }

  /// The sum is made in the first of the nodes, if nothing else holds it.
  private static func whole(
    _ nodes: inout [Tensor], _ form: Form, _ ranks: Ranks, _ tree: PartTree
  ) throws -> Tensor {
    let isEmpty = nodes.isEmpty
    var sum = try isEmpty ? Tensor(uninitialized: form.shape, form.dtype) : nodes.removeFirst()
    let count = sum.count
    func add<T: Real>(
      _: T.Type, _ body: (UnsafeMutableBufferPointer<T>, [UnsafePointer<T>]) throws -> Void
    ) throws {
      let others = nodes[...]
      try sum.write(T.self) { sum in
        func read(_ rest: ArraySlice<Tensor>, _ pointers: [UnsafePointer<T>]) throws {
          guard let node = rest.first else {
            return try body(UnsafeMutableBufferPointer(start: sum, count: count), pointers)
          }
          try node.read(T.self) { try read(rest.dropFirst(), pointers + [$0]) }
        }
        try read(others, isEmpty ? [] : [UnsafePointer(sum)])
      }
    }
    if form.dtype == .float64 {
      try add(Double.self) { try ranks.sum("minimize", $0, of: $1, by: tree) }
    } else {
      try add(Float.self) { try ranks.sum("minimize", $0, of: $1, by: tree) }
    }
    return sum
  }
}
