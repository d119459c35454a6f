import TestSupport
import Testing

private let isPossible = Shell.limbeck != nil && !Shell.output(of: "command -v mpirun").isEmpty

/// Runs of the built command as several processes, by Open MPI's launcher.
@Suite(
  .enabled(if: isPossible, "mpirun or the limbeck command is not there"),
  .serialized)
struct SeveralRanksTests {
  /// What a script prints as several ranks, with its errors and, last, its exit code.
  private func run(_ script: String, ranks: Int, as program: String = "exec \"$@\"") -> String {
    let folder = TemporaryFolder()
    let path = folder.path + "/x.lbk"
    let text = script.replacing("'", with: "'\\''")
    let launch =
      ranks == 1
      ? "" : "mpirun -n \(ranks) --oversubscribe --bind-to none sh -c '\(program)' sh "
    return Shell.output(
      of: """
        cd \(folder.path); printf '%s' '\(text)' > \(path)
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
        timeout 60 \(launch)\(Shell.limbeck ?? "") run --no-record x.lbk 2>&1 </dev/null; echo EXIT $?
        """)
  }

  @Test("values and sums of all ranks", arguments: [2, 3])
  func exchange(ranks: Int) {
    let output = run(
      """
      let x = tensor([1, 2]) * (rank() + 1)
      print(all_sum(x), gather(rank()), broadcast({a: rank(), b: [nil, inf, "text"]}), ranks())
      print(gather(ones(rank() + 1, 2) * rank()))
      print(all_sum(tensor([20, 7], dtype: "int32") * (1 - rank())).dtype)
      print(try { all_sum(tensor([2147483647], dtype: "int32")) } catch e { e.message })
      let long = arange(1000000) * (rank() + 1)
      print(sum(abs(all_sum(long) - arange(1000000) * (ranks() * (ranks() + 1) / 2))).item())
      print(grad(a -> sum(gather(a) * arange(2 * ranks())), at: ones(2)) / ranks())
      """, ranks: ranks)
    #expect(output.contains("int32\nall_sum: a sum does not fit int32"), "\(output)")
    let sums = ranks == 2 ? "[3, 6]" : "[6, 12]"
    #expect(output.contains(sums), "\(output)")
    #expect(output.contains(ranks == 2 ? "[0, 1] {a: 0" : "[0, 1, 2] {a: 0"), "\(output)")
    #expect(output.contains("[nil, inf, \"text\"]"), "\(output)")
    #expect(output.hasSuffix("EXIT 0\n"), "\(output)")
    #expect(output.contains("\n0\n") || output.contains("\n0.0\n"), "\(output)")
  }

  /// A training with batch normalisation, dropout and weights, whose last batch has two records.
  private let training = """
    let d = shapes(18, size: 8) |> grey()
    let weighted_d = weighted(d, map(0..18, i -> 1 + i % 3))
    let g = sequential([conv(4, 3), batch_norm(), relu, flatten, dropout(0.3), dense(3)])
    let history = train(g, weighted_d, epochs: 3, batch: 8, lr: 0.05)
    print(map(history, row -> f"{row.loss:.9f}"))
    print(evaluate(g, d), digest(g))
    """

  private func losses(_ output: String) -> [Double] {
    let line = output.split(separator: "\n").first { $0.hasPrefix("[\"") } ?? ""
    return line.split { "[]\", ".contains($0) }.compactMap { Double($0) }
  }

  @Test("a training on 2 and 3 ranks follows that of one process, and repeats bit for bit")
  func trainings() throws {
    let alone = losses(run(training, ranks: 1))
    try #require(alone.count == 3)
    var outputs: [String] = []
    for ranks in [2, 3, 3] {
      let output = run(training, ranks: ranks)
      let found = losses(output)
      try #require(found.count == 3, "\(output)")
      for (a, b) in zip(alone, found) { #expect(abs(a - b) < 1e-5, "\(ranks): \(alone) \(found)") }
      outputs.append(output)
    }
    let ends = outputs.map { $0.split(separator: "\n").suffix(2) }
    #expect(ends[1] == ends[2])
  }

  @Test(
    "a training in four parts has the same bits on 1, 2 and 3 ranks, and the losses of whole batches"
  )
  func parts() throws {
    // The last batch has two records, which are parts of their own, so a third rank has none.
    func script(_ parts: String) -> String {
      """
      let d = shapes(18, size: 8) |> grey()
      let weighted_d = weighted(d, map(0..18, i -> 1 + i % 3))
      let g = sequential([conv(4, 3), batch_norm(), relu, conv(4, 3), batch_norm(), relu, flatten, dropout(0.3), dense(3)])
      let history = train(g, weighted_d, epochs: 10, batch: 16, lr: 0.05, clip: 1, \(parts))
      print(map(history, row -> f"{row.loss:.17g}"))
      print("GOT", digest(g))
      fn student() { sequential([flatten, dense(8), batch_norm(), relu, dense(3)]) }
      for method in [nil, methods.similarity("output")] {
        let f = distill(g, d, d |> lowres(4), into: student(), method: method, epochs: 1, batch: 8, lr: 0.05, \(parts))
        print("GOT", digest(f))
      }
      let noisy = (g, x, y) -> random_scope("noise", () -> cross_entropy(g(x) + randn(3), y)) + mean(g(x)) * randn(1)[0]
      train(g, d, epochs: 2, batch: 16, lr: 0.05, loss: noisy, \(parts))
      print("GOT", digest(g), randn(1))
      """
    }
    func found(_ output: String) -> [Substring] {
      output.split(separator: "\n").filter { line in
        ["[", "GOT", "EXIT"].contains { line.hasPrefix($0) }
      }
    }
    let output = run(script("parts: 4"), ranks: 1)
    let alone = found(output)
    try #require(alone.count == 6 && alone.last == "EXIT 0", "\(output)")
    for ranks in [2, 3] {
      let output = run(script("parts: 4"), ranks: ranks)
      #expect(found(output) == alone, "\(ranks): \(output)")
    }
    let (whole, own) = (losses(run(script("parts: nil"), ranks: 1)), losses(output))
    try #require(whole.count == 10 && own.count == 10)
    for (a, b) in zip(whole, own) { #expect(abs(a - b) < 1e-5, "\(whole) \(own)") }
  }

  /// A training whose gradients are larger than what is sent whole.
  private func large(_ options: String, ranks: Int) -> [Substring] {
    let output = run(
      """
      let d = shapes(18, size: 8) |> grey()
      let g = sequential([conv(4, 3), batch_norm(), relu, flatten, dense(100), batch_norm(), relu, dropout(0.3), dense(3)])
      let history = train(g, d, epochs: 3, batch: 8, lr: 0.05, \(options))
      print("GOT", map(history, row -> f"{row.loss:.6f}"))
      print("GOT", digest(g))
      print("GOT", len(filter(gather(digest(g)), x -> x != digest(g))))
      """, ranks: ranks)
    return output.split(separator: "\n").filter { $0.hasPrefix("GOT") || $0.hasPrefix("EXIT") }
  }

  @Test(
    "gradients in float16 give nearly the same losses, the same weights on all ranks, and the same bits again"
  )
  func compressed() throws {
    let plain = large("clip: nil", ranks: 3)
    let (first, second) = (
      large("compress: \"float16\"", ranks: 3), large("compress: \"float16\"", ranks: 3)
    )
    try #require(plain.count == 4 && first.count == 4, "\(plain) \(first)")
    #expect(first == second)
    #expect(first[2] == "GOT 0" && first[3] == "EXIT 0", "\(first)")
    #expect(first[1] != plain[1])
    for (a, b) in zip(losses(String(plain[0].dropFirst(4))), losses(String(first[0].dropFirst(4))))
    {
      #expect(abs(a - b) < 1e-2 * max(1, a), "\(plain) \(first)")
    }
  }

  @Test(
    "without the statistics of the whole batch, a training is one in as many parts as there are ranks"
  )
  func unsynchronised() throws {
    let parts = large("parts: 2, sync: false", ranks: 1)
    let found = large("sync: false", ranks: 2)
    try #require(parts.count == 4, "\(parts)")
    #expect(found == parts)
  }

  @Test(
    "a gradient that is not finite is an error if it is sent in float16, or would be if it were larger",
    arguments: [20_000, 100])
  func notFiniteGradient(size: Int) {
    let output = run(
      """
      let g = dense(1, input: \(size))
      let opt = sgd(g, lr: 1)
      let before = digest(g)
      for x, y in batches(from_tensors(ones(2, \(size)), [0, 1]), 2, divided: true) {
        try { minimize(opt, () -> sum(sqrt(g(x) * 0)), compress: "float16") } catch e { print(e.message, digest(g) == before) }
      }
      print("AFTER", all_sum(ones(1)).item())
      """, ranks: 2)
    #expect(output.contains("minimize: a gradient is not finite true\nAFTER 2"), "\(output)")
  }

  @Test("a training that an error stopped goes on from its checkpoint, bit for bit")
  func resumed() throws {
    let start = """
      let d = shapes(20, size: 8) |> grey()
      let g = sequential([conv(4, 3), batch_norm(), relu, flatten, dropout(0.3), dense(3)])
      """
    let whole = run(
      "\(start)\ntrain(g, d, epochs: 3, batch: 8)\nprint(\"DIGEST\", digest(g))", ranks: 2)
    let parts = run(
      """
      \(start)
      try {
        train(g, d, epochs: 3, batch: 8, checkpoint: "c", on_epoch: h -> assert(len(h) < 2, "stopped"))
      } catch e { print(e.message) }
      train(g, d, epochs: 3, batch: 8, checkpoint: "c", resume: true)
      print("DIGEST", digest(g))
      """, ranks: 2)
    func digest(_ text: String) -> Substring? {
      text.split(separator: "\n").first { $0.hasPrefix("DIGEST") }
    }
    #expect(parts.contains("stopped"), "\(parts)")
    try #require(digest(whole) != nil, "\(whole)")
    #expect(digest(whole) == digest(parts), "\(parts)")
  }

  @Test("a loss that couples records sees the whole batch")
  func coupled() throws {
    let script = """
      let d = shapes(12, size: 8) |> grey()
      let f = sequential([flatten, dense(5)])
      let g = distill(f, d, d |> lowres(4), into: sequential([flatten, dense(5)]), method: methods.similarity("output"),
        epochs: 2, batch: 6, lr: 0.01, on_epoch: h -> print([f"{h[-1].loss:.9f}", f"{h[-1].similarity:.9f}"]))
      """
    let alone = losses(run(script, ranks: 1))
    let output = run(script, ranks: 3)
    let found = losses(output)
    try #require(alone.count == 2 && found.count == 2, "\(output)")
    for (a, b) in zip(alone, found) { #expect(abs(a - b) < 1e-4 * max(1, a), "\(alone) \(found)") }
  }

  @Test("ranks that meet at different calls stop, with both named")
  func different() {
    let output = run(
      """
      let x = ones(2)
      if rank() == 1 {
        gather(x)
      }
      all_sum(x)
      """, ranks: 2)
    #expect(output.contains("is at all_sum of 8 bytes in x.lbk:5"), "\(output)")
    #expect(output.contains("gather of float32 in x.lbk:3"), "\(output)")
    #expect(!output.hasSuffix("EXIT 0\n") && !output.contains("ignal"), "\(output)")
  }

  @Test("ranks that come to the gradients of different layers stop, with both named")
  func otherLayers() {
    let output = run(
      """
      let a = dense(300, input: 300)
      let b = dense(300, input: 300)
      for z, y in batches(from_tensors(ones(4, 300), [0, 1, 0, 1]), 4, divided: true) {
        minimize([sgd(a, lr: 0.1), sgd(b, lr: 0.1)], () -> if rank() == 0 { sum(a(z)) + sum(b(z)) } else { sum(b(z)) + sum(a(z)) })
      }
      print("AFTER")
      """, ranks: 2)
    #expect(output.contains("minimize of weight (parameter 1)"), "\(output)")
    #expect(output.contains("minimize of weight (parameter 3)"), "\(output)")
    #expect(!output.contains("AFTER") && !output.hasSuffix("EXIT 0\n"), "\(output)")
  }

  @Test("an error of one rank stops all, and names it and its place")
  func failure() {
    let output = run(
      """
      if rank() == 2 { error("out of luck") }
      for i in 0..1e9 { all_sum(ones(2)) }
      """, ranks: 3)
    #expect(output.contains("rank 2 of 3 ("), "\(output)")
    #expect(output.contains("out of luck (x.lbk:1:"), "\(output)")
    #expect(output.contains("EXIT 1\n"), "\(output)")
    #expect(output.components("out of luck") == 1, "\(output)")
  }

  @Test("a rank that is killed stops all")
  func killed() {
    let output = run(
      "for i in 0..1e9 { all_sum(ones(2)) }", ranks: 2,
      as: "[ $OMPI_COMM_WORLD_RANK = 1 ] && (sleep 1; kill -9 $$) & exec \"$@\"")
    #expect(output.contains("process rank 1"), "\(output)")
    #expect(output.contains("EXIT 137\n"), "\(output)")
  }

  @Test("NaN on the last rank stops all, and names the rank and the record")
  func notFinite() {
    let output = run(
      """
      let x = ones(6, 1, 4, 4)
      x[5] = nan
      seed(1)
      train(sequential([flatten, dense(2)]), from_tensors(x, [0, 1, 0, 1, 0, 1]), epochs: 1, batch: 6)
      """, ranks: 2)
    #expect(output.contains("hold NaN in record 5 (on rank 1 of 2)"), "\(output)")
    #expect(!output.hasSuffix("EXIT 0\n"), "\(output)")
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(_ text: String) -> Int {
    var (count, rest) = (0, self[...])
    while let found = rest.firstRange(of: text) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
