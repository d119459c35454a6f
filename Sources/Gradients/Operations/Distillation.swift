import Host
import Tensors

extension Variable {
  /// The mean over the batch of H(softmax(teacher / T), softmax(student / T)) for two logits
  /// tensors `[n, classes]`, without the factor T² (Hinton et al., 2015; Su and Maji, 2017,
  /// equation 1). Throws `shape`, and `argument` for a temperature that is not above 0.
  public func distillation(teacher: Variable, temperature: Double) throws -> Variable {
    let dtype = try commonReal("distillation", [self, teacher])
    guard shape.count == 2, shape == teacher.shape, shape[0] > 0 else {
      throw Failure(
        "shape",
        "distillation: expected student and teacher logits [n, classes] of the same shape, got "
          + "\(Tensor.describe(shape)) and \(Tensor.describe(teacher.shape))")
    }
    guard temperature > 0, temperature.isFinite else {
      throw Failure(
        "argument", "distillation: the temperature must be a number above 0, got \(temperature)")
    }
    return dtype == .float64
      ? try distillation(Double.self, teacher, temperature)
      : try distillation(Float.self, teacher, temperature)
  }

  private func distillation<T: Real>(_: T.Type, _ teacher: Variable, _ temperature: Double) throws
    -> Variable
  {
    let (s, t, count, classes) = (value, teacher.value, shape[0], shape[1])
    let wants = (student: isTracked, teacher: teacher.isTracked)
    let pairs = SoftenedPairs<T>(s, t, scale: 1 / temperature)
    var entropies = [Double](repeating: 0, count: count)
    try entropies.withUnsafeMutableBufferPointer { buffer in
      guard let entropies = buffer.baseAddress else { return }
      try pairs.each { i, pair in
        // H = Σ p (-log q). A class with teacher probability 0 contributes 0 rather than 0 times
        // infinity.
        entropies[i] = SoftmaxRow.sum(classes, but: classes) { j in
          let p = pair.teacher.probability(j)
          return p == 0 ? 0 : p * pair.student.surprise(pair.studentLogit(j))
        }
      }
    }
    let loss = try Tensor(scalar: T(entropies.reduce(0, +) / Double(count)))
    return Tape.result(.distillation, [self, teacher], loss) { gradient in
      let share = gradient.read(T.self) { Double($0[0]) } * pairs.scale / Double(count)
      var ds = try wants.student ? Tensor(uninitialized: s.shape, T.dtype) : nil
      var dt = try wants.teacher ? Tensor(uninitialized: s.shape, T.dtype) : nil
      try withElements(ds.writing(T.self), dt.writing(T.self)) { ds, dt in
        try pairs.each { i, pair in
          if let ds {
            for j in 0..<classes { ds[i * classes + j] = T(share * pair.difference(j)) }
          }
          if let dt { pair.teacherGradient(classes, share, into: dt + i * classes) }
        }
      }
      return [ds, dt]
    }
  }
}

/// The logits of a student and a teacher, softened with the same temperature.
private struct SoftenedPairs<T: Real> {
  let student: Tensor
  let teacher: Tensor
  /// 1 / T.
  let scale: Double

  init(_ student: Tensor, _ teacher: Tensor, scale: Double) {
    (self.student, self.teacher, self.scale) = (student, teacher, scale)
  }

  /// The student's and the teacher's distributions for one record.
  struct Pair {
    let student: SoftmaxRow
    let teacher: SoftmaxRow
    let logits: UnsafePointer<T>
    let scale: Double

    func studentLogit(_ j: Int) -> Double { Double(logits[j]) * scale }

    /// q - p, computed as (1 - p) - (1 - q) if both are closer to 1.
    @inline(__always)
    func difference(_ j: Int) -> Double {
      let (q, p) = (student.probability(j), teacher.probability(j))
      return q > 0.5 && p > 0.5 ? teacher.complement(j) - student.complement(j) : q - p
    }

    /// share p_j (h_j - Σ p h), where h_j = -log q_j is taken relative to that of the teacher's top
    /// class.
    func teacherGradient(_ classes: Int, _ share: Double, into d: UnsafeMutablePointer<T>) {
      let origin = studentLogit(teacher.top)
      func term(_ j: Int, minus mean: Double) -> Double {
        let p = teacher.probability(j)
        return p == 0 ? 0 : p * ((origin - studentLogit(j)) - mean)
      }
      let mean = SoftmaxRow.sum(classes, but: teacher.top) { term($0, minus: 0) }
      for j in 0..<classes { d[j] = T(share * term(j, minus: mean)) }
    }
  }

  /// Calls `body` with each record's pair, on the thread pool.
  func each(_ body: (Int, Pair) -> Void) throws {
    let (count, classes) = (student.shape[0], student.shape[1])
    try withElements(student.reading(T.self), teacher.reading(T.self)) { s, t in
      try eachRow(count, width: classes, rooms: 2) { i, memory in
        let (s, t) = (s + i * classes, t + i * classes)
        body(
          i,
          Pair(
            student: SoftmaxRow(s, classes, scale: scale, memory: memory),
            teacher: SoftmaxRow(t, classes, scale: scale, memory: memory + classes),
            logits: s, scale: scale))
      }
    }
  }
}

extension TapeOperation {
  static let distillation = TapeOperation(
    "distillation",
    GradientCheck(
      .init("T 1", .uniform(3, 4, in: -2...2), .uniform(3, 4, in: -2...2)) {
        try $0[0].distillation(teacher: $0[1], temperature: 1)
      },
      .init("T 4", .uniform(2, 5, in: -9...9), .uniform(2, 5, in: -9...9)) {
        try $0[0].distillation(teacher: $0[1], temperature: 4)
      },
      .init("more than a vector", .uniform(2, 21, in: -2...2), .uniform(2, 21, in: -2...2)) {
        try $0[0].distillation(teacher: $0[1], temperature: 2)
      }))
}
