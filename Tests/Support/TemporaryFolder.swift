import Glibc

/// A folder that goes, with all in it, when nobody holds it any more.
package final class TemporaryFolder {
  /// Where it is.
  package let path: String

  /// Makes a folder below /tmp.
  package init() {
    var template = Array("/tmp/limbeck-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { fatalError("no folder can be made in /tmp") }
    path = String(cString: made)
  }

  deinit { TemporaryFolder.remove(path) }

  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    // A test may have taken away what it takes to look inside.
    chmod(path, 0o700)
    if let stream = opendir(path) {
      var names: [String] = []
      while let entry = readdir(stream) {
        names.append(
          withUnsafeBytes(of: entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
          })
      }
      closedir(stream)
      for name in names where name != "." && name != ".." { remove("\(path)/\(name)") }
    }
    rmdir(path)
  }
}
