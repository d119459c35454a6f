import Glibc
import Host
import Language

/// A lock on a folder as a value of the language.
final class FolderLock: HostObject {
  private let folder: String
  private let library: Library
  private let hold: Hold

  /// Locks a folder; `waits` until another run has done with it. Throws `file-missing`, `file-locked`,
  /// and `argument` if the work in the folder is done.
  init(_ folder: String, waits: Bool, library: Library) throws {
    guard library.host.kind(of: folder) == .folder else {
      throw Failure("file-missing", "lock_folder: the folder \"\(folder)\" does not exist")
    }
    // At the prompt, a call is repeated by whoever wants that.
    guard
      library.run.prompt != nil || !library.run.doneFolders.contains(FolderLock.identity(folder))
    else {
      throw Failure(
        "argument", "lock_folder: \(folder) has been used in this run already",
        hint: "give each call a folder of its own")
    }
    let hold = try FolderLock.hold(folder, waits: waits, library)
    (self.folder, self.library, self.hold) = (folder, library, hold)
    // Nobody else writes here now: these are left by a process that was killed while it wrote.
    for name in try library.host.list(folder) where name.hasPrefix(".") && name.hasSuffix(".part") {
      try library.host.remove("\(folder)/\(name)")
    }
  }

  private static func hold(_ folder: String, waits: Bool, _ library: Library) throws -> Hold {
    if let hold = library.host.hold(folder, alone: true) { return hold }
    guard waits, library.host.hasLocks(folder) else {
      throw Failure(
        "file-locked",
        "lock_folder: \(folder) is in use by another run, or its file system has no locks")
    }
    library.note("\(folder) is in use by another run: waiting until that has ended")
    while true {
      try Interrupt.check()
      usleep(100_000)
      if let hold = library.host.hold(folder, alone: true) { return hold }
    }
  }

  /// The folder by one name, however the script writes it.
  private static func identity(_ folder: String) -> String {
    folder.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  override var typeName: String { "lock" }
  override var summary: String { "lock of \(folder)" }
  override class var members: [AnyMember] { declared }
  private static let declared: [Member<FolderLock>] = [
    Member("done", "bool", "Whether the work in the folder is over.", isSettable: true) {
      .bool($0.library.run.doneFolders.contains(identity($0.folder)))
    }
  ]

  override func setMember(_ name: String, to value: Value, on machine: any Caller) throws -> Bool {
    guard name == "done" else { return false }
    guard case .bool(let isDone) = value else {
      throw Failure("type", "lock: done must be a bool, got \(value.brief)")
    }
    let identity = FolderLock.identity(folder)
    if isDone {
      library.run.doneFolders.insert(identity)
    } else {
      library.run.doneFolders.remove(identity)
    }
    return true
  }
}
