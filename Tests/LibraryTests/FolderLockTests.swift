import Host
import Testing

@testable import Library

/// Folders at which another process works.
@Suite struct FolderLockTests {
  @Test("a cell at which another process is trained is waited for and taken")
  func cellOfAnotherProcess() throws {
    var other: WorkingHost?
    let session = TestSession { host in
      let working = WorkingHost(host)
      other = working
      return working
    }
    let folder = "cells/network (01234567)"
    try session.run("mkdir(\"\(folder)\")\nsave({accuracy: 2}, \"finished.safetensors\")")
    other?.begin(folder)
    #expect(session.error("lock_folder(\"\(folder)\")").contains("is in use by another run"))
    let found = try session.display(
      "cells.kept(cells.store(\"cells\"), \"network\", \"0123456789\", folder -> {accuracy: 1})")
    #expect(found == "{accuracy: 2}")
    #expect(session.host.reported.contains("note: \(folder) is in use by another run"))
    // It is free again.
    #expect(try session.display("lock_folder(\"\(folder)\").done") == "false")
  }
}

/// A host on which another process has a folder until somebody says that it is waiting.
private final class WorkingHost: ForwardingHost {
  private var work: (folder: String, hold: Hold)?

  func begin(_ folder: String) { work = hold(folder, alone: true).map { (folder, $0) } }

  override func report(_ text: String) {
    super.report(text)
    guard let work, text.contains("waiting") else { return }
    try? move("finished.safetensors", to: work.folder + "/cell.safetensors")
    self.work = nil
  }
}
