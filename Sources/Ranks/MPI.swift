import Glibc
import Host

/// Open MPI's library, as far as it is used: messages of bytes between two processes. Its objects are found
/// by their names, so that nothing of it is needed to build Limbeck or to run it alone.
struct MPI {
  typealias Address = UnsafeMutableRawPointer

  private typealias Init =
    @convention(c) (Address?, Address?, Int32, UnsafeMutablePointer<Int32>)
    -> Int32
  private typealias OfWorld = @convention(c) (Address, UnsafeMutablePointer<Int32>) -> Int32
  private typealias SetHandler = @convention(c) (Address, Address) -> Int32
  private typealias Transfer =
    @convention(c) (
      Address, Int32, Address, Int32, Int32, Address, UnsafeMutablePointer<Address?>
    ) -> Int32
  private typealias Test =
    @convention(c) (
      UnsafeMutablePointer<Address?>, UnsafeMutablePointer<Int32>, Address
    ) -> Int32
  private typealias Probe =
    @convention(c) (
      Int32, Int32, Address, UnsafeMutablePointer<Int32>, Address
    ) -> Int32
  private typealias Count =
    @convention(c) (
      Address, Address, UnsafeMutablePointer<Int32>
    ) -> Int32
  private typealias Abort = @convention(c) (Address, Int32) -> Int32
  private typealias Finalize = @convention(c) () -> Int32

  /// What is known of a message: Open MPI's `MPI_Status`.
  private struct Status {
    var source: Int32 = 0
    var tag: Int32 = 0
    var error: Int32 = 0
    var isCancelled: Int32 = 0
    var count = 0
  }

  /// A message on its way.
  struct Request {
    fileprivate var handle: Address?
    /// The number of bytes that must come.
    fileprivate var expected: Int?
  }

  private let world: Address
  private let byte: Address
  private let send: Transfer
  private let receive: Transfer
  private let test: Test
  private let probe: Probe
  private let countOf: Count
  private let abortAll: Abort
  private let end: Finalize
  /// This process's number.
  let rank: Int
  /// The number of processes.
  let count: Int

  /// The library, its file and its Debian package.
  static let library = (name: "Open MPI", file: "libmpi.so.40", package: "openmpi-bin")

  /// The most bytes that one message holds.
  static let largest = 1 << 30

  /// Loads the library and joins the other processes. Throws `library` and `ranks`.
  init() throws {
    let all = try SharedLibrary(
      MPI.library.file, called: MPI.library.name, package: MPI.library.package,
      for: "a run of several ranks")
    // These are objects rather than functions; what is needed is their address.
    world = try all.function("ompi_mpi_comm_world", as: Address.self)
    byte = try all.function("ompi_mpi_byte", as: Address.self)
    let returns = try all.function("ompi_mpi_errors_return", as: Address.self)
    send = try all.function("MPI_Isend", as: Transfer.self)
    receive = try all.function("MPI_Irecv", as: Transfer.self)
    test = try all.function("MPI_Test", as: Test.self)
    probe = try all.function("MPI_Iprobe", as: Probe.self)
    countOf = try all.function("MPI_Get_count", as: Count.self)
    abortAll = try all.function("MPI_Abort", as: Abort.self)
    end = try all.function("MPI_Finalize", as: Finalize.self)
    // Over TCP, Open MPI asks for a longer message than this before it sends it, and the question and the answer queue
    // behind what is on its way, so that the link is idle meanwhile. Slices are sent at once, unless `--mca` or
    // the environment has a limit.
    setenv("OMPI_MCA_btl_tcp_eager_limit", "\(2 * RankSum.slice)", 0)
    // Serialized: any thread may call, but one at a time.
    var given: Int32 = 0
    let begin = try all.function("MPI_Init_thread", as: Init.self)
    guard begin(nil, nil, 2, &given) == 0, given >= 2 else {
      throw Failure("ranks", "Open MPI could not be started, or not for a program with threads")
    }
    _ = try all.function("MPI_Comm_set_errhandler", as: SetHandler.self)(world, returns)
    var (rank, count) = (Int32(0), Int32(1))
    _ = try all.function("MPI_Comm_rank", as: OfWorld.self)(world, &rank)
    _ = try all.function("MPI_Comm_size", as: OfWorld.self)(world, &count)
    (self.rank, self.count) = (Int(rank), Int(count))
  }

  /// Starts to send bytes, which must stay where they are until the request is done.
  func send(_ bytes: UnsafeRawPointer, _ count: Int, to rank: Int, tag: Int32) throws -> Request {
    var request = Request()
    // SAFETY: what is sent is only read.
    let code = send(
      Address(mutating: bytes), Int32(count), byte, Int32(rank), tag, world, &request.handle)
    guard code == 0 else { throw MPI.failure(code) }
    return request
  }

  /// Starts to receive bytes, of which exactly `count` must come.
  func receive(_ bytes: Address, _ count: Int, from rank: Int, tag: Int32) throws -> Request {
    var request = Request(expected: count)
    let code = receive(bytes, Int32(count), byte, Int32(rank), tag, world, &request.handle)
    guard code == 0 else { throw MPI.failure(code) }
    return request
  }

  /// Whether a message has arrived, or has been sent. Throws `ranks` if another number of bytes has arrived.
  func isDone(_ request: inout Request) throws -> Bool {
    var isDone: Int32 = 0
    var status = Status()
    let code = test(&request.handle, &isDone, &status)
    guard code != MPI.truncated else { throw MPI.misfit }
    guard code == 0 else { throw MPI.failure(code) }
    if isDone != 0, let expected = request.expected {
      var count: Int32 = 0
      guard countOf(&status, byte, &count) == 0, Int(count) == expected else { throw MPI.misfit }
      request.expected = nil
    }
    return isDone != 0
  }

  /// The sender and the size of a message that can be received, from a rank or, with nil, from any.
  func arrived(from rank: Int?, tag: Int32) throws -> (source: Int, count: Int)? {
    var isThere: Int32 = 0
    var status = Status()
    let code = probe(rank.map(Int32.init) ?? -1, tag, world, &isThere, &status)
    guard code == 0 else { throw MPI.failure(code) }
    guard isThere != 0 else { return nil }
    var count: Int32 = 0
    guard countOf(&status, byte, &count) == 0, count >= 0 else { throw MPI.failure(0) }
    return (Int(status.source), Int(count))
  }

  /// Ends all processes, this one included.
  func abort(_ code: Int32) { _ = abortAll(world, code) }

  /// Leaves the other processes, when all have come to this point.
  func finalize() { _ = end() }

  /// Open MPI's code of a message that is longer than what is received.
  private static let truncated: Int32 = 15

  /// The error of a message whose size is not that of the call it was for.
  static let misfit = Failure(
    "ranks", "a message between two ranks has another size than the call that it was for",
    hint: "all ranks must make the same calls in the same order, with tensors of the same shapes")

  private static func failure(_ code: Int32) -> Failure {
    Failure("ranks", "a message between two ranks failed, with code \(code) of Open MPI")
  }
}
