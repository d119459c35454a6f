import TestSupport
import Testing

@testable import Library

/// Files of torch.save, read from scripts.
struct PyTorchFileTests {
  /// A session with the files that Tests/FormatsTests/Reference/torch_files.py made.
  private func session(_ names: String...) throws -> TestSession {
    let session = TestSession()
    for name in names {
      let path = RepositoryFiles.root + "/Tests/FormatsTests/Data/torch/" + name
      try session.host.write(MemoryHost(readsDisk: true).read(path), to: name)
    }
    return session
  }

  private let model =
    "let g = sequential([dense(4), batch_norm(), relu, dense(2)], input: 3)\n"

  @Test func aCheckpointIsANestedMap() throws {
    let session = try session("checkpoint2.pth")
    let shown = try session.run(
      """
      let x = read("checkpoint2.pth")
      [x.epoch, x.pair, x.names, x.nothing, x.dtype, x.raw, x.flags, keys(x.state_dict)[0],
        x.state_dict["module.3.bias"], x.optimizer.param_groups[0].lr,
        x.optimizer.state[0].momentum_buffer.shape, x.scheduler.milestones[2]]
      """)
    #expect(
      shown.printed
        == #"[3, [1, "a"], ["cat"], nil, "torch.float16", [97, 98, 0, 255], [true, false], "module.0.weight", "#
        + #"tensor [2] float32 [4.500, 4.625], 0.1, [4, 3], 1]"#)
    #expect(
      session.host.reported.hasPart(
        #"checkpoint2.pth["complex"] holds numbers of torch.ComplexFloatStorage, which are not read"#
      ))
  }

  @Test func aStateDictAndACheckpointAreLoaded() throws {
    let session = try session("state_dict.pth", "checkpoint5.pth")
    let shown = try session.run(
      model + """
        load("state_dict.pth", into: g)
        let h = sequential([dense(4), batch_norm(), relu, dense(2)], input: 3)
        load("checkpoint5.pth", into: h)
        [all(g.parameters["0.weight"] == h.parameters["0.weight"]).item(), h.parameters["3.bias"]]
        """)
    #expect(shown.printed == "[true, tensor [2] float32 [4.500, 4.625]]")
    #expect(session.host.reported == "")
  }

  @Test func whatIsNoWeightsIsRefused() throws {
    let session = try session("module.pth", "calls.pth")
    #expect(
      session.error(model + "load(\"module.pth\", into: g)").hasPart(
        "module.pth contains an object of the class torch.nn.modules.container.Sequential"))
    #expect(session.error("read(\"calls.pth\")").hasPart("calls.pth calls posix.system"))
    #expect(
      session.error("write({x: 1}, \"x.pth\")").hasPart("write: .pth files are only read"))
  }

  @Test func numbersThatAreNoneAreNamed() throws {
    let session = TestSession()
    try session.run(
      """
      write({weight: tensor([[1, 1 / 0], [0 / 0, 0 / 0]]), bias: zeros(2)}, "nan.safetensors")
      load("nan.safetensors", into: dense(2, input: 2))
      """)
    #expect(
      session.host.reported
        == "note: load: nan.safetensors has 2 NaN and 1 infinite in \"weight\"\n")
  }

  @Test func batchesNeedNotBeCounted() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      let g = batch_norm()
      g(ones(1, 2))
      let kept = {weight: ones(2) * 3, bias: ones(2), running_mean: zeros(2), running_var: ones(2)}
      write(kept, "old.safetensors")
      load("old.safetensors", into: g)
      write({weight: ones(2, 1), bias: zeros(2), num_batches_tracked: 1}, "more.safetensors")
      load("more.safetensors", into: dense(2, input: 1))
      g.parameters["weight"]
      """)
    #expect(shown.printed == "tensor [2] float32 [3, 3]")
  }

  @Test func namesOfWrappersAreTaken() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      let g = sequential([dense(1)], input: 1)
      let values = []
      for prefix in ["module.", "module._orig_mod.", "model."] {
        let x = {}
        x[prefix + "0.weight"] = ones(1, 1) * len(values)
        x[prefix + "0.bias"] = zeros(1)
        write(x, "x.safetensors")
        load("x.safetensors", into: g)
        values.append(g.parameters["0.weight"].item())
      }
      values
      """)
    #expect(shown.printed == "[0, 1, 2]")
    #expect(
      session.error(
        "write({\"module.0.weight\": ones(1, 1), \"0.bias\": zeros(1)}, \"y.safetensors\")\n"
          + "load(\"y.safetensors\", into: sequential([dense(1)], input: 1))"
      ).hasPart("y.safetensors has no \"0.weight\", which the model has"))
  }
}
