import Host
import Tensors

extension Variable {
  /// The mean over the batch of H(softmax(teacher / T), softmax(student / T)), both logits
  /// `[n, classes]`, without the factor T² (Hinton et al., 2015; Su and Maji, 2017, equation 1).
  /// Throws `shape`, and `argument` for a temperature that is not above 0.
  public func distillation(teacher: Variable, temperature: Double) throws -> Variable {
    let dtype = try commonReal("distillation", [self, teacher])
    guard shape.count == 2, shape == teacher.shape, shape[0] > 0 else {
      throw Failure(
        "shape",
        "distillation: wants student and teacher logits [n, classes] of one shape, got "
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
    let scale = T(1 / temperature)
    let normalS = logNormalizers(T.self, s, scale: scale)
    let normalT = logNormalizers(T.self, t, scale: scale)
    // H of every row: Σ p (normalS - s / T), p = softmax(t / T).
    var entropies = [T](repeating: 0, count: count)
    s.read(T.self) { s in
      t.read(T.self) { t in
        entropies.withUnsafeMutableBufferPointer { buffer in
          guard let entropies = buffer.baseAddress else { return }
          parallel(count, grain: rowGrain(classes)) { rows in
            for i in rows {
              let (s, t) = (s + i * classes, t + i * classes)
              let (normalS, normalT) = (normalS[i], normalT[i])
              entropies[i] = Row.sum(classes) { j in
                let p = T.exp(scale * t[j] - normalT)
                let term = p * (normalS - scale * s[j])
                // A class that neither believes in adds nothing, and not 0 times infinity.
                return p == 0 ? 0 : term
              }
            }
          }
        }
      }
    }
    let total = entropies.reduce(0.0) { $0 + Double($1) }
    let saved = entropies
    let loss = try Tensor(scalar: T(total / Double(count)))
    return Tape.result(.distillation, [self, teacher], loss) { gradient in
      let share = gradient.read(T.self) { $0[0] } * scale / T(count)
      var ds = try Tensor(uninitialized: wants.student ? s.shape : [0], T.dtype)
      var dt = try Tensor(uninitialized: wants.teacher ? s.shape : [0], T.dtype)
      try s.read(T.self) { s in
        try t.read(T.self) { t in
          try ds.write(T.self) { ds in
            try dt.write(T.self) { dt in
              parallel(count, grain: rowGrain(classes)) { rows in
                for i in rows {
                  let (s, t) = (s + i * classes, t + i * classes)
                  let (normalS, normalT, entropy) = (normalS[i], normalT[i], saved[i])
                  if wants.student {
                    let ds = ds + i * classes
                    for j in 0..<classes {
                      let q = T.exp(scale * s[j] - normalS)
                      ds[j] = share * (q - T.exp(scale * t[j] - normalT))
                    }
                  }
                  if wants.teacher {
                    let dt = dt + i * classes
                    for j in 0..<classes {
                      let p = T.exp(scale * t[j] - normalT)
                      let slope = share * p * (normalS - scale * s[j] - entropy)
                      dt[j] = p == 0 ? 0 : slope
                    }
                  }
                }
              }
            }
          }
        }
      }
      return [wants.student ? ds : nil, wants.teacher ? dt : nil]
    }
  }
}

extension Operation {
  static let distillation = Operation(
    "distillation",
    Check(
      .init("T 1", .uniform(3, 4, in: -2...2), .uniform(3, 4, in: -2...2)) {
        try $0[0].distillation(teacher: $0[1], temperature: 1)
      },
      .init("T 4", .uniform(2, 5, in: -9...9), .uniform(2, 5, in: -9...9)) {
        try $0[0].distillation(teacher: $0[1], temperature: 4)
      }))
}
