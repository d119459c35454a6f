import Glibc
import Tensors
import Testing

@testable import Gradients

/// Losses of networks that are sure of their class, float32 against sums in float64 that take no
/// difference from 1.
@Suite struct SureLogitsTests {
  /// Logits of some records, the greatest of each `gap` above the rest; and a class of each.
  private struct Sample {
    let logits: Tensor
    let rows: [[Double]]
    let labels: [Int]
    /// Of the label: 1 - p, as the others' sum; elsewhere p.
    let shares: [[Double]]

    init(gap: Double, classes: Int, records: Int = 6, key: RandomKey) throws {
      var rows: [[Double]] = []
      for i in 0..<records {
        var row = (0..<classes).map { j in
          Double(Float(3 * key[i].uniform(UInt64(j)) - gap))
        }
        row[(5 * i + 1) % classes] = Double(Float(3 + key[i].uniform(1 << 40)))
        rows.append(row)
      }
      self.rows = rows
      // Half of the labels are what the network is sure of.
      labels = (0..<records).map { $0 % 2 == 0 ? (5 * $0 + 1) % classes : ($0 * 7) % classes }
      logits = try Tensor(rows.flatMap { $0.map { Float($0) } }, shape: [records, classes])
      shares = zip(rows, labels).map { row, label in
        let top = row.max() ?? 0
        let weights = row.map { Glibc.exp($0 - top) }
        let sum = weights.reduce(0, +)
        return weights.indices.map { j in
          if j != label { return weights[j] / sum }
          return weights.indices.reduce(0) { $0 + ($1 == label ? 0 : weights[$1]) } / sum
        }
      }
    }

    var target: Tensor {
      get throws { try Tensor(labels.map { Int32($0) }, shape: [labels.count]) }
    }
  }

  private func worst(_ found: [Float], _ wanted: [Double]) -> Double {
    zip(found, wanted).reduce(0) { worst, pair in
      let unit = Double(max(Float(abs(pair.1)).ulp, .leastNonzeroMagnitude))
      let error = abs(Double(pair.0) - pair.1) / unit
      return error <= worst ? worst : error
    }
  }

  private func gradient(_ x: Tensor, _ loss: (Variable) throws -> Variable) throws -> [Float] {
    try Tape.valueAndGradients(at: [x], caller: "grad") { try loss($0[0]) }
      .gradients[0].gradient.array(Float.self)
  }

  private func eachSample(_ body: (Sample, String) throws -> Void) throws {
    for classes in [2, 3, 10, 17, 1000] {
      for gap in stride(from: 0.0, through: 80, by: 8) {
        let key = RandomKey(seed: 5)[classes]["\(gap)"]
        try body(
          try Sample(gap: gap, classes: classes, key: key), "\(classes) classes, gap \(gap)")
      }
    }
  }

  @Test("cross_entropy's gradient is within 4 ulp, also through log_softmax and softmax")
  func gradients() throws {
    try eachSample { sample, name in
      let count = Double(sample.labels.count)
      let wanted = zip(sample.shares, sample.labels).flatMap { shares, label in
        shares.indices.map { (($0 == label ? -1 : 1) * shares[$0]) / count }
      }
      let fused = try gradient(sample.logits) { try $0.crossEntropy(labels: sample.target) }
      #expect(worst(fused, wanted) <= 4, "\(name)")
      let index = try [
        TensorIndex.tensor(
          Tensor((0..<sample.labels.count).map { Int32($0) }, shape: [sample.labels.count])),
        .tensor(sample.target),
      ]
      let byHand = try gradient(sample.logits) {
        try Variable.apply(.divide, $0.logSoftmax().at(index).sum(), -count)
      }
      #expect(worst(byHand, wanted) <= 4, "\(name), log_softmax")
    }
  }

  @Test("the values of cross_entropy and log_softmax keep their digits near 0")
  func values() throws {
    try eachSample { sample, name in
      for (i, label) in sample.labels.enumerated() {
        let row = try sample.logits.item(i).reshaped([1, sample.rows[i].count])
        // log1p of the others' sum over the label's own, unless that overflows.
        let (own, rest) = (sample.rows[i][label], sample.rows[i].indices.filter { $0 != label })
        let wanted = Glibc.log1p(rest.reduce(0) { $0 + Glibc.exp(sample.rows[i][$1] - own) })
        let loss = try Variable(row).crossEntropy(
          labels: Tensor([Int32(label)], shape: [1])
        ).value.array(Float.self)
        #expect(worst(loss, [wanted]) <= 4, "\(name)")
        let log = try Variable(row).logSoftmax().value.array(Float.self)[label]
        #expect(worst([log], [-wanted]) <= 4, "\(name), log_softmax")
      }
    }
  }

  @Test("softmax's gradient keeps its digits")
  func softmax() throws {
    try eachSample { sample, name in
      // Of p at the label: p (1 - p) there, -p p_j elsewhere.
      let index = try [
        TensorIndex.tensor(
          Tensor((0..<sample.labels.count).map { Int32($0) }, shape: [sample.labels.count])),
        .tensor(sample.target),
      ]
      let found = try gradient(sample.logits) { try $0.softmax().at(index).sum() }
      let wanted = zip(zip(sample.shares, sample.rows), sample.labels).flatMap { pair, label in
        let (shares, row) = pair
        let top = row.max() ?? 0
        let p = Glibc.exp(row[label] - top) / row.reduce(0) { $0 + Glibc.exp($1 - top) }
        return shares.indices.map { ($0 == label ? 1 : -1) * p * shares[$0] }
      }
      #expect(worst(found, wanted) <= 4, "\(name)")
    }
  }

  @Test("distillation's gradient is float64's where student and teacher are sure")
  func distillation() throws {
    try eachSample { sample, name in
      let teacher = try Sample(
        gap: 20, classes: sample.rows[0].count, key: RandomKey(seed: 8)["teacher"])
      let found = try gradient(sample.logits) {
        try $0.distillation(teacher: Variable(teacher.logits), temperature: 1)
      }
      // At the greatest class of both (1 - p) - (1 - q), elsewhere q - p.
      let wanted = zip(sample.rows, teacher.rows).flatMap { student, teacher in
        let (q, p) = (Self.shares(student), Self.shares(teacher))
        return student.indices.map { j in
          (q.p[j] > 0.5 && p.p[j] > 0.5 ? p.rest[j] - q.rest[j] : q.p[j] - p.p[j])
            / Double(sample.labels.count)
        }
      }
      #expect(worst(found, wanted) <= 4, "\(name)")
    }
  }

  /// p of every class, and 1 - p as the sum of the others.
  private static func shares(_ row: [Double]) -> (p: [Double], rest: [Double]) {
    let top = row.max() ?? 0
    let weights = row.map { Glibc.exp($0 - top) }
    let sum = weights.reduce(0, +)
    let place = row.firstIndex(of: top) ?? 0
    let small = weights.indices.reduce(0) { $0 + ($1 == place ? 0 : weights[$1]) }
    return (
      weights.map { $0 / sum },
      weights.indices.map { $0 == place ? small / sum : 1 - weights[$0] / sum }
    )
  }

  @Test("beyond what float32 holds, only the size is lost")
  func far() throws {
    let logits = try Tensor([Float(200), 0, -1000], shape: [1, 3])
    let label = try Tensor([Int32(0)], shape: [1])
    #expect(try Variable(logits).crossEntropy(labels: label).value.array(Float.self) == [0])
    let wide = Variable(try logits.cast(to: .float64))
    let loss = try wide.crossEntropy(labels: label).value.array(Double.self)[0]
    #expect(abs(loss / Glibc.exp(-200) - 1) < 1e-13)
  }

  @Test("logits of -inf add nothing")
  func infinite() throws {
    let logits = try Tensor([Float(1), 2, -.infinity], shape: [1, 3])
    let label = try Tensor([Int32(1)], shape: [1])
    let gradient = try gradient(logits) { try $0.crossEntropy(labels: label) }
    #expect(gradient[2] == 0 && abs(gradient[0] - 0.26894143) < 1e-7)
    #expect(try Variable(logits).logSumExp().value.array(Float.self) == [2.3132617])
  }
}
