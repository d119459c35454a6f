import Host

/// How a launcher started this process.
public struct Launcher: Equatable {
  /// The launcher, as it is named in messages.
  public let name: String
  /// The number of processes.
  public let count: Int

  /// Reads the variables that launchers set: those of Open MPI's mpirun, and those of `srun --mpi=pmix`.
  /// nil for a process on its own, also if a launcher started only one. Throws `ranks` under a launcher
  /// of another MPI.
  public init?(environment: (String) -> String?) throws {
    func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
    if let count = number("OMPI_COMM_WORLD_SIZE") {
      (name, self.count) = ("mpirun", count)
    } else if environment("PMIX_RANK") != nil, let count = number("SLURM_STEP_NUM_TASKS") {
      (name, self.count) = ("srun", count)
    } else if let count = number("PMI_SIZE"), count > 1 {
      throw Failure(
        "ranks", "\(count) ranks were started by a launcher that Open MPI does not know",
        hint: "use Open MPI's mpirun (apt-get install openmpi-bin), or srun --mpi=pmix")
    } else {
      return nil
    }
    if count < 2 { return nil }
  }
}
