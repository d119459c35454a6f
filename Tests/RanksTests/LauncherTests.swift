import Host
import Testing

@testable import Ranks

@Suite struct LauncherTests {
  private func launcher(_ variables: [String: String]) throws -> Launcher? {
    try Launcher { variables[$0] }
  }

  @Test("ranks are noticed by the variables of their launcher")
  func launchers() throws {
    let mpirun = try launcher(["OMPI_COMM_WORLD_SIZE": "4"])
    #expect(mpirun?.name == "mpirun" && mpirun?.count == 4)
    let srun = try launcher(["PMIX_RANK": "0", "SLURM_STEP_NUM_TASKS": "3"])
    #expect(srun?.name == "srun" && srun?.count == 3)
  }

  @Test("a process that is alone loads no MPI, nor does one in a batch script")
  func alone() throws {
    #expect(try launcher([:]) == nil)
    #expect(try launcher(["OMPI_COMM_WORLD_SIZE": "1"]) == nil)
    #expect(try launcher(["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "0"]) == nil)
    #expect(throws: Failure.self) { try launcher(["PMI_SIZE": "2"]) }
  }

  @Test("a header survives its bytes, and tells the call")
  func header() throws {
    let header = Header(number: 12, size: 4000, name: "all_sum", place: "x.lbk:7")
    #expect(header.bytes.count == Header.size)
    #expect(Header(header.bytes + [1, 2]) == header)
    #expect(header.text == "all_sum of 4000 bytes in x.lbk:7 (call 12)")
    #expect(Header([1, 2, 3]) == nil)
    let long = Header(
      number: 1, size: 0, name: String(repeating: "é", count: 500),
      place: String(repeating: "/", count: 500))
    #expect(Header(long.bytes) == long)
  }
}
