import Formats
import Gradients
import Host
import Language
import Models
import Ranks
import Syntax
import Tensors

private let shared = Argument("x", .any, "a tensor, or any other value that `save` writes")
private let apart = Argument("f", .callable, "a function without parameters")
private let groupSize = Argument(
  "size", .whole(1...65_536), default: 1,
  "the number of ranks in a group; it divides that of all ranks")
private let summed = Argument("x", .tensor, "a tensor of the same shape on all ranks")

/// The builtins for scripts that run as several processes.
func rankBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "rank", "Gives the number of this process among those of the run, from 0.",
      details: """
        A run of several processes is started by `mpirun -n 4 limbeck run x.lbk` or by `srun`; each runs the \
        script. Rank 0 alone prints and writes. See docs/several-machines.md.
        """,
      searchTerms: ["MPI", "distributed", "process", "get_rank"], [], result: "number",
      examples: [Example("rank()", "0")]
    ) { _ in .number(Double(Ranks.current?.rank ?? 0)) },
    Builtin(
      "ranks", "Gives the number of processes of the run; 1 if it is alone.",
      searchTerms: ["MPI", "distributed", "world_size"], [], result: "number",
      examples: [Example("ranks()", "1")]
    ) { _ in .number(Double(Ranks.current?.count ?? 1)) },
    Builtin(
      "broadcast", "Gives all ranks the value that rank 0 has.",
      details: "All ranks must call it; what the others give as x is not used.",
      searchTerms: ["MPI_Bcast", "distributed"], [shared], result: "the value of rank 0",
      examples: [Example("broadcast([1, 2])", "[1, 2]")]
    ) { call in
      guard let ranks = call.ranks else { return call.values[0] }
      let bytes = try ranks.broadcast("broadcast") { try call.message(call.values[0], library) }
      return ranks.rank == 0 ? call.values[0] : try call.value(of: bytes, library)
    },
    Builtin(
      "split_ranks", "Calls a function while the ranks are apart, alone or in groups.",
      details: """
        Inside, `rank()` and `ranks()` are those of the group, so each group works at something of its own: what \
        divides its work does it among the ranks of the group, and the first of them writes files. Rank 0 of all \
        still prints alone. All ranks must call it; those that are done wait for the others. Random numbers are \
        drawn inside from a `random_scope` with a name, so that they are the same whoever draws them. In a process \
        that is alone it calls the function.
        """,
      searchTerms: ["MPI_Comm_split", "group", "distributed"], [apart, groupSize],
      result: "what the function gives, on each rank its own",
      examples: [Example("split_ranks(() -> ranks())", "1")]
    ) { call in
      let body = { try call.machine.call(call[apart], CallArguments()) }
      guard let ranks = call.ranks else { return try body() }
      try call.shareOutputFolder(library)
      return try ranks.apart(inGroupsOf: call[groupSize], body)
    },
    Builtin(
      "all_sum", "Gives the sums of the elements over all ranks.",
      details: """
        The numbers are added in the order of the ranks, so that the result is the same on all of them and in \
        each run. All ranks must call it. It has no gradient.
        """,
      searchTerms: ["all_reduce", "MPI_Allreduce", "distributed"], [summed], result: "tensor",
      examples: [Example("all_sum(tensor([1, 2]))", "tensor [2] float32\n[1, 2]")]
    ) { call in
      call.notePlace()
      return Value(try call[summed].cut(by: "all_sum").summedOverRanks("all_sum"))
    },
    Builtin(
      "gather", "Gives the rows of all ranks' tensors, in the order of the ranks.",
      details: """
        It has a gradient: that of this rank's rows is the sum over all ranks of what they make of these rows. A \
        loss that couples the records of a batch takes `gather(x)` in a loop over divided batches; there a rank \
        whose part is empty has no rows. Values other than tensors give a list with that of each rank. All ranks \
        must call it.
        """,
      searchTerms: ["all_gather", "MPI_Allgather", "distributed"], [shared],
      result: "tensor, or a list",
      examples: [
        Example("gather(tensor([1, 2]))", "tensor [2] float32\n[1, 2]"),
        Example("gather(\"a\")", "[\"a\"]"),
      ]
    ) { call in
      let value = call.values[0]
      if let object = value.instance(of: TensorObject.self) {
        call.notePlace()
        return Value(try object.variable.gathered())
      }
      guard let ranks = call.ranks else { return .list(List([value])) }
      let all = try ranks.exchange("gather", call.message(value, library))
      return .list(List(try all.map { try call.value(of: $0, library) }))
    },
  ]
}

extension Call {
  /// The ranks of the run, after the place of this call has been noted for their errors; nil in a
  /// process that is alone.
  var ranks: Ranks? {
    guard let ranks = Ranks.current else { return nil }
    let places = machine.reached(most: 100).map(\.place)
    let own = places.first { !$0.isInStdlib }
    // A part of a batch may run on a machine without the calls that led to `minimize`, which has noted its place.
    if own == nil, Division.current?.meeting != nil { return ranks }
    ranks.place = (own ?? places.first).map { "\($0.source.name):\($0.line)" } ?? ""
    return ranks
  }

  /// Notes the place of this call for the errors of ranks that meet at different calls.
  func notePlace() { _ = ranks }

  /// What rank 0 finds, on all ranks: its answer of what may differ between processes, such as the time.
  func agreed(_ find: () throws -> String?) throws -> String? {
    guard let ranks else { return try find() }
    let bytes = try ranks.broadcast(builtin.name) {
      try find().map { [1] + Array($0.utf8) } ?? [0]
    }
    return bytes.first == 1 ? String(decoding: bytes.dropFirst(), as: UTF8.self) : nil
  }

  /// Makes the run's folder known to all ranks, as one that is apart cannot ask for it.
  fileprivate func shareOutputFolder(_ library: Library) throws {
    guard let path = try agreed({ try library.outputFolder() }) else { return }
    if library.run.folder == nil { library.run.folder = RunFolder(ofOtherRank: path) }
  }

  /// The bytes of a value for other ranks.
  fileprivate func message(_ value: Value, _ library: Library) throws -> [UInt8] {
    let forward = ForwardFunction.describer(on: machine) { [builtin] in
      library.note("\(builtin.name): \($0)")
    }
    return try ValueWriter(value).content.file(forward).encoded()
  }

  /// The value that another rank has sent.
  fileprivate func value(of bytes: [UInt8], _ library: Library) throws -> Value {
    let file = WeightFile(builtin.name, try SafeTensors(decoding: bytes, path: builtin.name))
    let forward = ForwardFunction.finder(nil, library, on: machine)
    return try ValueFile(file).map { try ValueReader.newValue(of: $0, forward: forward) } ?? .nil
  }
}

extension Place {
  /// Whether it is in a function of stdlib.
  var isInStdlib: Bool { source.name.hasPrefix("stdlib/") }
}
