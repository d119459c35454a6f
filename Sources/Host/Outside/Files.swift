import Glibc

/// Files by POSIX calls, with errors that suggest what to do.
enum Files {
  static func kind(of path: String) -> FileKind? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return info.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// Opens a file for reading; returns the descriptor and the result of `stat`. Opening does not
  /// block, so that a pipe without a writer is an error rather than an endless wait. Throws
  /// `file-special` for anything but a regular file, unless `isStream` allows it.
  private static func opened(_ path: String, isStream: Bool = false) throws -> (Int32, stat) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (isStream ? 0 : O_NONBLOCK))
    // A socket cannot be opened.
    guard descriptor >= 0 else {
      throw errno == ENXIO ? special(path, S_IFSOCK) : failure("read", path, errno)
    }
    var info = stat()
    let code = fstat(descriptor, &info) == 0 ? 0 : errno
    let kind = info.st_mode & S_IFMT
    guard code == 0, kind == S_IFREG || (isStream && kind != S_IFDIR) else {
      close(descriptor)
      throw code != 0 || kind == S_IFDIR
        ? failure("read", path, code != 0 ? code : EISDIR) : special(path, kind)
    }
    return (descriptor, info)
  }

  /// Opens a regular file for reading in parts.
  static func open(_ path: String) throws -> DiskFile {
    let (descriptor, info) = try opened(path)
    return DiskFile(descriptor: descriptor, path: path, size: Int(info.st_size))
  }

  private static func special(_ path: String, _ kind: mode_t) -> Failure {
    let name =
      switch kind {
      case S_IFIFO: "a pipe"
      case S_IFSOCK: "a socket"
      case S_IFCHR, S_IFBLK: "a device"
      default: "neither file nor folder"
      }
    return Failure(
      "file-special", "read: \(path) is \(name), not a regular file",
      hint: kind == S_IFIFO ? "write its output to a file first" : nil)
  }

  /// The array of a file's bytes is not counted, but its allocation must not end the process.
  private static func expect(_ bytes: Int, _ path: String) throws {
    try Memory.expect(bytes, for: "read: the file \(path)")
  }

  /// The first `most` bytes of a file. With `isStream`, also of a pipe or a device, waiting for the
  /// data.
  static func read(_ path: String, most: Int, isStream: Bool = false) throws -> [UInt8] {
    let (descriptor, info) = try opened(path, isStream: isStream)
    defer { close(descriptor) }
    let expected = min(Int(info.st_size), most)
    try expect(expected, path)

    var bytes: [UInt8] = []
    // One byte more than the size of the file, so that its end is detected without growing the
    // array.
    var room = max(expected + (most > expected ? 1 : 0), 1)
    while bytes.count < most {
      let want = min(room, most - bytes.count)
      var got = 0
      let start = bytes.count
      let chunk = try [UInt8](unsafeUninitializedCapacity: want) { buffer, initialized in
        repeat {
          got = Glibc.read(descriptor, buffer.baseAddress, want)
        } while got < 0
          && errno == EINTR
        guard got >= 0 else { throw failure("read", path, errno) }
        initialized = got
      }
      if got == 0 { break }
      if start == 0 {
        bytes = chunk
      } else {
        // An array that grows allocates twice the size and holds the old bytes at the same time.
        if start + got > bytes.capacity { try expect(3 * start, path) }
        bytes.append(contentsOf: chunk)
      }
      room = max(room - got, 65536)
    }
    return bytes
  }

  static func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    let (descriptor, info) = try opened(path)
    defer { close(descriptor) }
    let expected = max(0, min(count, Int(info.st_size) - offset))
    try expect(expected, path)
    return try [UInt8](unsafeUninitializedCapacity: expected) { buffer, initialized in
      while initialized < expected {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + initialized }, expected - initialized,
          offset + initialized)
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw failure("read", path, errno) }
        if got == 0 { break }
        initialized += got
      }
    }
  }

  static func stamp(of path: String) -> FileStamp? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return FileStamp(
      size: Int(info.st_size),
      modified: Int(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(info.st_mtim.tv_nsec),
      number: UInt64(info.st_ino))
  }

  static func size(of path: String) throws -> Int {
    var info = stat()
    guard stat(path, &info) == 0 else { throw failure("read", path, errno) }
    return Int(info.st_size)
  }

  static func modified(_ path: String) throws -> Double {
    var info = stat()
    guard stat(path, &info) == 0 else { throw failure("read", path, errno) }
    return Double(info.st_mtim.tv_sec) + Double(info.st_mtim.tv_nsec) * 1e-9
  }

  static func remove(_ path: String) throws {
    guard Glibc.remove(path) == 0 else { throw failure("remove", path, errno) }
  }

  static func list(_ path: String) throws -> [String] {
    guard let folder = opendir(path) else {
      if errno == ENOTDIR {
        throw Failure("file-is-no-folder", "list: \(path) is a file, not a folder")
      }
      throw failure("list", path, errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      // SAFETY: d_name is a C string inside the entry, which is valid until the next readdir.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw failure("list", path, errno) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func makeFolder(_ path: String) throws {
    if kind(of: path) == .folder || path.isEmpty { return }
    let above = FilePath.folder(of: path)
    if above != path { try makeFolder(above) }
    guard mkdir(path, 0o777) == 0 || (errno == EEXIST && kind(of: path) == .folder) else {
      if errno == EEXIST || errno == ENOTDIR {
        throw Failure("file-exists", "make folder: \(path): a file is in the way")
      }
      throw failure("make folder", path, errno)
    }
  }

  /// Writes a temporary file in the same folder and then renames it, so that a full disk, a crash
  /// or Ctrl-C never replaces a complete file by a partial one. Anything but a regular file
  /// (`/dev/null`, a pipe) is written to directly.
  static func write(to path: String, _ parts: FileParts) throws {
    var info = stat()
    let exists = stat(path, &info) == 0
    if exists, info.st_mode & S_IFMT == S_IFDIR {
      throw Failure("file-is-folder", "write: \(path) is a folder, not a file")
    }
    if exists, info.st_mode & S_IFMT != S_IFREG {
      let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure("write", path, errno) }
      defer { close(descriptor) }
      try parts { try writeAll($0, to: descriptor, path: path) }
      return
    }
    if exists, access(path, W_OK) != 0 { throw failure("write", path, errno) }

    let place = exists ? resolved(path) : path
    let temporary =
      FilePath.folder(of: place) + "/." + FilePath.name(of: place) + ".\(getpid()).part"
    var descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0, errno == EEXIST {
      // Left behind by a terminated process with the same process ID.
      unlink(temporary)
      descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw failure("write", path, errno) }
    do {
      defer { close(descriptor) }
      if exists { fchmod(descriptor, info.st_mode & 0o7777) }
      try parts { try writeAll($0, to: descriptor, path: path) }
      guard fsync(descriptor) == 0 else { throw failure("write", path, errno) }
      guard rename(temporary, place) == 0 else { throw failure("write", path, errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    // The new name is stored on disk when its folder is synchronised. Some file systems do not
    // support this, but the file is complete in any case.
    let above = Glibc.open(FilePath.folder(of: place), O_RDONLY | O_CLOEXEC)
    if above >= 0 {
      fsync(above)
      close(above)
    }
  }

  static func move(_ path: String, to other: String) throws {
    guard rename(path, other) == 0 else { throw failure("move", path, errno) }
  }

  static func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
    let descriptor = Glibc.open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
    guard descriptor >= 0 else { throw failure("write", path, errno) }
    defer { close(descriptor) }
    try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
  }

  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, -1)
          continue
        }
        throw failure("write", path, errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// The target of a path after following symbolic links, so that writing preserves links.
  private static func resolved(_ path: String) -> String {
    guard let raw = realpath(path, nil) else { return path }
    defer { free(raw) }
    return String(cString: raw)
  }

  static func failure(_ operation: String, _ path: String, _ code: Int32) -> Failure {
    switch code {
    case ENOENT, ENOTDIR:
      let above = FilePath.folder(of: path)
      if kind(of: above) == nil {
        return Failure(
          "file-missing", "\(operation): \(path): the folder \(above) does not exist",
          hint: operation == "write" ? "mkdir -p \(above) makes it" : nil)
      }
      if kind(of: above) == .file {
        return Failure("file-missing", "\(operation): \(path): \(above) is a file, not a folder")
      }
      if operation == "write", !path.isEmpty {
        return Failure("file-write", "write: \(path): no file can be made in \(above)")
      }
      return Failure(
        "file-missing",
        path.isEmpty ? "\(operation): the path is empty" : "\(operation): \(path) does not exist")
    case EACCES, EPERM:
      return Failure("file-permission", "\(operation): \(path): permission denied")
    case EROFS:
      return Failure("file-permission", "\(operation): \(path) is on a read-only file system")
    case EISDIR:
      return Failure("file-is-folder", "\(operation): \(path) is a folder, not a file")
    case ENOSPC, EDQUOT:
      return Failure("disk-full", "\(operation): \(path): the disk is full")
    case EPIPE:
      return Failure("output-closed", "\(operation): \(path) was closed by its reader")
    case ENAMETOOLONG:
      return Failure("file-name", "\(operation): the name \(path) is too long")
    default:
      return Failure(
        operation == "read" || operation == "list" ? "file-read" : "file-write",
        "\(operation): \(path): \(String(cString: strerror(code)))")
    }
  }
}
