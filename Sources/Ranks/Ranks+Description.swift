import Glibc
import Host

extension Ranks {
  /// What `limbeck doctor` says: the ranks, their engine, and how the launcher has bound them to cores, of
  /// which this process may use `cores`.
  public static func description(cores: Int) -> String {
    guard let ranks = all else {
      let library = try? SharedLibrary(
        MPI.library.file, called: MPI.library.name, package: MPI.library.package, for: "doctor")
      return "1, alone; for several, \(MPI.library.name) "
        + (library == nil ? "missing (\(MPI.library.package))" : "is installed")
    }
    let all = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return "\(ranks.name(ranks.rank)), started by \(ranks.launcher.name), \(MPI.library.name); "
      + (cores < all
        ? "bound by the launcher to \(cores) of \(all) cores; --bind-to none gives all"
        : "not bound to cores") + (ranks.sharers > 1 ? ", which \(ranks.sharers) ranks share" : "")
  }
}
