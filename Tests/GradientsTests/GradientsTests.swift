import Glibc
import Host
import Tensors
import Testing

@testable import Gradients

@Suite struct OperationTests {
  @Test("every operation of networks has gradients equal to finite differences")
  func network() throws {
    for operation in TapeOperation.network {
      for complaint in try operation.verify() { Issue.record("\(complaint)") }
    }
  }

  @Test("every operation that is declared is registered, and so checked")
  func registered() throws {
    let names = Set(TapeOperation.all.map(\.name))
    #expect(names.count == TapeOperation.all.count, "two operations have one name")
    // Declarations are found in the sources: `static let name = TapeOperation("name"` over two lines.
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    var declared: [String] = []
    for file in try sources("/" + folder + "/Sources/Gradients/Operations") {
      let text = try String(contentsOfBytes: file)
      let words = text.split(whereSeparator: { " \n(,".contains($0) }).map(String.init)
      for (i, word) in words.enumerated()
      where word == "TapeOperation" && i > 0 && words[i - 1] == "=" {
        if i + 1 < words.count, words[i + 1].hasPrefix("\"") {
          declared.append(words[i + 1].filter { $0 != "\"" })
        }
      }
    }
    #expect(declared.count > 20)
    for name in declared { #expect(names.contains(name), "\(name) is not in TapeOperation.all") }
  }

  @Test("the harness finds a wrong gradient")
  func wrong() throws {
    let twice = TapeOperation(
      "reverse_gradient", GradientCheck(.init("sign", .uniform(3)) { $0[0].reverseGradient() }))
    #expect(try twice.verify().count == 3)
  }
}

@Suite struct KeptMemoryTests {
  private func draw(_ shape: [Int], _ name: String) throws -> Tensor {
    let key = RandomKey(seed: 4)[name]
    return try Tensor(
      (0..<shape.reduce(1, *)).map { Float(key.normal(UInt64($0))) }, shape: shape)
  }

  @Test("the gradient of a layer's weights is the same in parts", arguments: [(8, 48), (24, 2064)])
  func parts(_ rows: Int, _ inputs: Int) throws {
    let (output, input) = (try draw([rows, 96], "g"), try draw([rows, inputs], "x"))
    let gradient = try #require(try Gradient(output: output, input: input))
    #expect(gradient.shape == [96, inputs] && gradient.dtype == .float32)
    let whole = try gradient.computed().array(Float.self)
    var parts = [Float](repeating: .nan, count: whole.count)
    let prepared = try gradient.prepared()
    parts.withUnsafeMutableBufferPointer { parts in
      // SAFETY: each part is written by one thread, and read when all are done.
      nonisolated(unsafe) let parts = parts
      prepared.eachPart { first, elements, count in
        for i in 0..<count { parts[first + i] = elements[i] }
      }
    }
    #expect(parts == whole)
    // Element [5, 7] by the definition.
    let (g, x) = (output.array(Float.self), input.array(Float.self))
    let sum = (0..<rows).reduce(0.0) { $0 + Double(g[$1 * 96 + 5]) * Double(x[$1 * inputs + 7]) }
    #expect(abs(Double(whole[5 * inputs + 7]) - sum) < 1e-4)
  }

  @Test("a gradient that is smaller than what gives it is computed at once")
  func small() throws {
    #expect(try Gradient(output: draw([64, 16], "g"), input: draw([64, 16], "x")) == nil)
    #expect(try Gradient(output: draw([7, 160], "g"), input: draw([7, 160], "x")) == nil)
  }

  @Test("sums and pooling keep nothing for the backward pass that it does not need")
  func sums() throws {
    let context = RunContext()
    try context.run {
      let x = try draw([1, 4, 64, 64], "x")
      let one = x.byteCount
      _ = try Tape.valueAndGradients(at: [x], caller: "grad") { leaves in
        var y = leaves[0]
        for _ in 0..<6 { y = try Variable.apply(.add, y, 1) + y }
        // The last sum only.
        #expect(context.memory.used < 5 * one / 2)
        let pooled = try y.maxPool(size: (2, 2), window: Window(stride: [2]))
        y = pooled
        #expect(context.memory.used < 5 * one / 2)
        return try pooled.mean()
      }
    }
  }
}

@Suite struct TapeTests {
  private func vector(_ numbers: [Float]) throws -> Tensor {
    try Tensor(numbers, shape: [numbers.count])
  }

  @Test("a gradient at two tensors")
  func two() throws {
    let result = try Tape.valueAndGradients(
      at: [vector([1, 2]), vector([3, 4])], caller: "grad"
    ) { try ($0[0] * $0[1]).sum() }
    #expect(try result.value.number() == 11)
    #expect(result.gradients[0].gradient.array(Float.self) == [3, 4])
    #expect(result.gradients[1].gradient.array(Float.self) == [1, 2])
  }

  @Test("one tensor used twice gets both gradients")
  func shared() throws {
    let result = try Tape.valueAndGradients(at: [vector([1, 2])], caller: "grad") {
      try ($0[0] + $0[0] * $0[0]).sum()
    }
    #expect(result.gradients[0].gradient.array(Float.self) == [3, 5])
  }

  @Test("what cut a gradient is named")
  func cut() throws {
    let failure = #expect(throws: Failure.self) {
      try Tape.valueAndGradients(at: [vector([1, 2])], caller: "grad") {
        try $0[0].stopGradient().sum()
      }
    }
    #expect(failure?.kind == "no-gradient")
    #expect(
      failure?.message
        == "grad: no gradient reaches `at`: stop_gradient cuts it: it has no gradient")
  }

  @Test("a loss that has nothing to do with the tensor says so")
  func unrelated() throws {
    let constant = try vector([1, 2])
    let failure = #expect(throws: Failure.self) {
      try Tape.valueAndGradients(at: [vector([1])], caller: "grad") { _ in
        try Variable(constant).sum()
      }
    }
    #expect(
      failure?.message == "grad: no gradient reaches `at`: the loss does not depend on it")
  }

  @Test("a loss must be one finite number")
  func scalar() throws {
    let many = #expect(throws: Failure.self) {
      try Tape.valueAndGradients(at: [vector([1, 2])], caller: "grad") { $0[0] }
    }
    #expect(many?.message == "grad: the loss must be one floating number, got float32 [2]")
    let infinite = #expect(throws: Failure.self) {
      try Tape.valueAndGradients(at: [vector([0])], caller: "grad") {
        try $0[0].mapped(.log).sum()
      }
    }
    #expect(infinite?.kind == "not-finite")
  }

  @Test("a gradient inside a gradient is an error, and leaves no open tape")
  func nested() throws {
    let x = try vector([1])
    let failure = #expect(throws: Failure.self) {
      try Tape.valueAndGradients(at: [x], caller: "grad") { outer in
        _ = try Tape.valueAndGradients(at: [x], caller: "grad") { try $0[0].sum() }
        return try outer[0].sum()
      }
    }
    #expect(failure?.kind == "nested-gradient")
    #expect(Tape.current == nil)
  }

  @Test("an interrupt leaves no open tape")
  func interrupted() throws {
    let x = try vector([1])
    #expect(throws: Interrupted.self) {
      try Tape.valueAndGradients(at: [x], caller: "grad") { _ in throw Interrupted() }
    }
    #expect(Tape.current == nil)
  }

  @Test("a chain of 100,000 operations is walked and released")
  func long() throws {
    let result = try Tape.valueAndGradients(at: [vector([1])], caller: "grad") {
      var x = $0[0]
      for _ in 0..<100_000 { x = try Variable.apply(.add, x, 1) }
      return try x.sum()
    }
    #expect(result.gradients[0].gradient.array(Float.self) == [1])
  }

  @Test("labels that are not classes are named with the number of classes")
  func labels() throws {
    let logits = try Tensor([Float](repeating: 0, count: 6), shape: [2, 3])
    let failure = #expect(throws: Failure.self) {
      try Variable(logits).crossEntropy(labels: Tensor([1, 3] as [Int32], shape: [2]))
    }
    #expect(
      failure?.message
        == "cross_entropy: label 3 (item 1) is not a class of 3: labels go from 0 to 2")
  }
}

/// The Swift files of a folder and its folders.
func sources(_ folder: String) throws -> [String] {
  guard let directory = opendir(folder) else { throw Failure("file-missing", folder) }
  defer { closedir(directory) }
  var files: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name.hasPrefix(".") { continue }
    if name.hasSuffix(".swift") {
      files.append("\(folder)/\(name)")
    } else {
      files += (try? sources("\(folder)/\(name)")) ?? []
    }
  }
  return files
}

extension String {
  init(contentsOfBytes path: String) throws {
    guard let file = fopen(path, "r") else { throw Failure("file-missing", path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    self = String(decoding: bytes, as: UTF8.self)
  }
}
